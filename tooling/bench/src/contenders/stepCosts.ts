// What a training step costs beside its kernels: time, and memory that is left for the garbage collector.
import { Session } from 'node:inspector/promises';
import type { Backend } from '@nn/kit';
import type { ModelDescription } from '../models.ts';
import type { Prepared } from './contract.ts';
import type { HostArrays } from './nnTasks.ts';
import { startTraining } from './nnTasks.ts';

const sampledSteps = 500;
const sampling = { samplingInterval: 256, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };

/** Bytes of JavaScript's heap that a step allocates, whether they are collected or not: V8 counts one of so many bytes. */
export async function prepareAllocation(backend: Backend, description: ModelDescription, arrays: HostArrays): Promise<Prepared> {
  const training = await startTraining(backend, description, arrays);
  const session = new Session();
  session.connect();
  return {
    async run() {
      await session.post('HeapProfiler.startSampling', sampling);
      for (let step = 0; step < sampledSteps; step++) await training.step().done;
      const { profile } = await session.post('HeapProfiler.stopSampling');
      return bytesBelow(profile.head) / sampledSteps;
    },
    dispose() {
      session.disconnect();
      return training.dispose();
    },
  };
}

interface Allocations {
  readonly selfSize: number;
  readonly children: readonly Allocations[];
}

const bytesBelow = ({ selfSize, children }: Allocations): number => children.reduce((sum, child) => sum + bytesBelow(child), selfSize);

const timedSteps = 20;

/**
 * What part of a step passes outside of its kernels: in JavaScript, and where runs begin and end. The batch is on the device.
 * @param openBackend a backend of its own, because the kernels are timed from their start on
 */
export async function prepareOverhead(
  openBackend: () => Promise<Backend>,
  description: ModelDescription,
  arrays: HostArrays,
): Promise<Prepared> {
  const kernels = new KernelClock();
  const backend = await kernels.during(openBackend);
  const training = await startTraining(backend, description, arrays, { resident: true });
  return {
    async run() {
      const [begin, before] = [performance.now(), kernels.milliseconds];
      for (let step = 0; step < timedSteps; step++) await training.step().done;
      return 1 - (kernels.milliseconds - before) / (performance.now() - begin);
    },
    async dispose() {
      await training.dispose();
      await backend.dispose();
    },
  };
}

/** Time that passes in `execute`, with which the module of the CPU backend runs the kernels of a program. */
class KernelClock {
  milliseconds = 0;

  /** Calls `open`, and from then on counts the kernels of what it has opened. @throws Error when there are none to be found */
  async during<T>(open: () => Promise<T>): Promise<T> {
    const { Instance } = WebAssembly;
    let found = false;
    const counting = new Proxy(Instance, {
      construct: (target, [module, imports]: ConstructorParameters<typeof Instance>) => {
        const instance = new target(module, imports);
        const { execute } = instance.exports;
        if (typeof execute !== 'function') return instance;
        found = true;
        return { exports: { ...instance.exports, execute: this.#counted(execute as (...words: number[]) => number) } };
      },
    });
    Object.assign(WebAssembly, { Instance: counting });
    try {
      const opened = await open();
      if (!found) throw new Error('The CPU backend has no function "execute" whose time could be taken.');
      return opened;
    } finally {
      Object.assign(WebAssembly, { Instance });
    }
  }

  #counted(execute: (...words: number[]) => number): typeof execute {
    return (...words) => {
      const begin = performance.now();
      try {
        return execute(...words);
      } finally {
        this.milliseconds += performance.now() - begin;
      }
    };
  }
}
