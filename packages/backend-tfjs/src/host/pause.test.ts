// When work gives way to a page.
import { afterEach, expect, it, vi } from 'vitest';
import { pageTurns } from './pause.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('there is nobody to give way to without a page', () => {
  expect(pageTurns()).toBeUndefined();
});

it('a page has its turn after a frame of work, and then again after the next', async () => {
  vi.stubGlobal('document', {});
  vi.useFakeTimers({ toFake: ['performance'] });
  const pause = pageTurns()!;
  expect(pause()).toBeUndefined();
  vi.advanceTimersByTime(20);
  const turn = pause();
  expect(turn).toBeInstanceOf(Promise);
  await turn;
  expect(pause()).toBeUndefined();
});
