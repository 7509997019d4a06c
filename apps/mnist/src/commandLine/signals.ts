// Stopping when the user or the system asks for it.
import { Interruption } from './errors.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds in which another signal is taken for a copy: package managers pass on what the terminal has already sent to everyone. */
const copiesWithin = 1000;

/** A signal that is aborted with an `Interruption` by the first signal to this process. One that comes later ends the process at once. */
export function abortOnSignals(): AbortSignal {
  const stop = new AbortController();
  let stoppedAt = 0;
  for (const signal of signals) {
    process.on(signal, () => {
      const interruption = new Interruption(signal);
      if (!stop.signal.aborted) {
        stoppedAt = performance.now();
        stop.abort(interruption);
      } else if (performance.now() - stoppedAt > copiesWithin) {
        process.exit(interruption.exitCode);
      }
    });
  }
  return stop.signal;
}
