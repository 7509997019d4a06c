// The reference backend with something around it: a record of what it is asked, delays, failures.
import { referenceBackend } from '@nn/backend-reference';
import { BackendError } from '@nn/core';
import type { Backend, Executable, NdArray, Outputs, Store } from '@nn/core';

export interface Wrapped {
  readonly backend: Backend;
  /** The inputs of every run. */
  readonly runs: Readonly<Record<string, NdArray>>[];
  /** What was disposed, in order. */
  readonly disposed: ('store' | 'executable')[];
}

/**
 * @param changes methods that replace those of the backend
 * @param options delay: milliseconds until a run begins; reading a variable does not wait for it, as the contract allows.
 * failing: the run that is lost, counted from 1. noRoomFor: a variable for which there is no memory
 */
export function wrappedBackend(
  changes: Partial<Backend> = {},
  options: { readonly delay?: number; readonly failing?: number; readonly noRoomFor?: string } = {},
): Wrapped {
  const inner = referenceBackend();
  const runs: Wrapped['runs'] = [];
  const disposed: Wrapped['disposed'] = [];
  const later = delayed(options.delay);
  const backend: Backend = {
    specVersion: 1,
    name: 'wrapped',
    capabilities: inner.capabilities,
    keeps: (instr, slots) => inner.keeps(instr, slots),
    dispose: () => inner.dispose(),
    [Symbol.asyncDispose]() {
      return this.dispose();
    },
    async createStore(variables) {
      if (options.noRoomFor !== undefined && options.noRoomFor in variables) throw new BackendError('No memory.', 'backend.out-of-memory');
      const store = await inner.createStore(variables);
      return noteDispose(store, () => disposed.push('store'));
    },
    async compile(program, compileOptions) {
      const executable = await inner.compile(program, compileOptions);
      const run = executable.run.bind(executable);
      executable.run = (stores, inputs) => {
        // The arrays are the caller's again when this returns.
        const captured = Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, array.clone()]));
        runs.push(captured);
        return runs.length === options.failing ? lost() : later(() => run(stores, captured));
      };
      return noteDispose(executable, () => disposed.push('executable'));
    },
    ...changes,
  };
  return { backend, runs, disposed };
}

function noteDispose<Disposable extends Store | Executable>(disposable: Disposable, note: () => void): Disposable {
  const dispose = disposable.dispose.bind(disposable);
  disposable.dispose = () => {
    note();
    return dispose();
  };
  return disposable;
}

/** A run that ends with the device. */
function lost(): Outputs {
  const done = Promise.reject(new BackendError('The device is gone.', 'backend.lost'));
  done.catch(() => undefined);
  return { done, read: () => done };
}

/** Runs one after the other, each after the delay. */
function delayed(delay: number | undefined): (run: () => Outputs) => Outputs {
  if (delay === undefined) return (run) => run();
  let tail: Promise<unknown> = Promise.resolve();
  return (run) => {
    const started = tail.then(() => new Promise((resolve) => setTimeout(resolve, delay))).then(run);
    const done = started.then((outputs) => outputs.done);
    tail = done;
    return { done, read: async (name) => (await started).read(name) };
  };
}
