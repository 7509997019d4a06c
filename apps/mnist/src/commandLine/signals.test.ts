// One signal is a request, its copies are nothing, a later one is an order.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Interruption } from './errors.ts';
import { abortOnSignals } from './signals.ts';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const before = names.map((name) => process.listeners(name));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  names.forEach((name, index) => {
    for (const listener of process.listeners(name)) if (!before[index]!.includes(listener)) process.off(name, listener);
  });
});

it('ends the process only when it is asked again', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const signal = abortOnSignals();
  expect(signal.aborted).toBe(false);

  process.emit('SIGINT');
  expect(signal.reason).toBeInstanceOf(Interruption);
  expect((signal.reason as Interruption).exitCode).toBe(130);

  // npx and pnpm pass on what the terminal has sent to all.
  vi.advanceTimersByTime(900);
  process.emit('SIGINT');
  process.emit('SIGHUP');
  expect(exit).not.toHaveBeenCalled();

  vi.advanceTimersByTime(200);
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});
