// Sending events to those who listen.
import type { Backend, Warning } from '@nn/core';
import type { Callback, TrainingEvent } from '../events.ts';
import type { Compiled } from './programCache.ts';

/** Sends an event and waits until everybody has heard it. A function makes one that takes its time, for callbacks if there are any. */
export type Emit = (event: TrainingEvent | (() => TrainingEvent)) => Promise<void>;

/** Calls listeners in order, one after the other. @throws what a listener throws */
export function emitterTo(callbacks: readonly Callback[], onWarning?: (warning: Warning) => void): Emit {
  return async (given) => {
    if (typeof given === 'function' && callbacks.length === 0) return;
    const event = typeof given === 'function' ? given() : given;
    if (event.type === 'warning') onWarning?.({ code: event.code, message: event.message });
    for (const callback of callbacks) await callback(event);
  };
}

export async function emitCompiled(emit: Emit, backend: Backend, compiled: Compiled | undefined): Promise<void> {
  if (compiled === undefined) return;
  const { purpose, x, seconds } = compiled;
  await emit({ type: 'compile', purpose, rows: x.shape[0] ?? 0, backend: backend.name, seconds });
}
