// Tasks take turns, whatever happens to them.
import { expect, it } from 'vitest';
import { Lock } from './lock.ts';

it('begins a task when the one before has ended, also when that failed', async () => {
  const lock = new Lock();
  const order: string[] = [];
  const task = (name: string, fails = false) =>
    lock.run(async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      order.push(`${name} ends`);
      if (fails) throw new Error(`${name} failed`);
      return name;
    });
  const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
