// What logProgress does not take; its lines are tested with fit.
import { expect, it } from 'vitest';
import { logProgress } from './logProgress.ts';

const write = (): void => {};

it.each<[unknown, string]>([
  [undefined, 'logProgress takes its options as an object, not undefined'],
  [{}, 'write is undefined; it is a function of a line, such as console.log'],
  [{ write: 'log' }, "write is 'log'"],
  [{ write, every: 10 }, 'has no option "every". Give everySteps'],
  [{ write, everySteps: 0 }, 'everySteps is 0; it is an integer of at least 1'],
])('refuses %o', (options, message) => {
  expect(() => logProgress(options as never)).toThrow(message);
});
