import { expect, it } from 'vitest';
import { reportedErrors } from './context.ts';

it('takes all errors that a context has noted, which tells one at a time', () => {
  const noted = [1285, 1282];
  const gl = { NO_ERROR: 0, getError: () => noted.shift() ?? 0 } as const;
  expect(reportedErrors(gl)).toEqual([1285, 1282]);
  expect(reportedErrors(gl)).toEqual([]);
});
