// Ours: backend-cpu in Node.
import { cpuBackend } from '@nn/backend-cpu';
import type { Contender, ContenderOptions, Given } from './contract.ts';
import { prepareMnist } from './mnist.ts';
import { hostArrays, prepareTask } from './nnTasks.ts';
import { prepareAllocation, prepareOverhead } from './stepCosts.ts';

export const start = new URL('start.mjs', import.meta.url);

/** The backend as an application would make it. */
export async function open({ threads, flags }: ContenderOptions): Promise<Contender> {
  const openBackend = () => cpuBackend({ threads, experimentalV8Flags: flags });
  const backend = await openBackend();
  return {
    async prepare({ task, model, arrays }: Given) {
      switch (task.kind) {
        case 'allocation':
          return prepareAllocation(backend, model, hostArrays(arrays));
        case 'overhead':
          return prepareOverhead(openBackend, model, hostArrays(arrays));
        case 'mnist':
          return prepareMnist(backend, task, model, hostArrays(arrays));
        case 'start':
        case 'multiplyAdd':
        case 'triad':
          return undefined;
        default:
          return prepareTask(backend, { task, model, arrays });
      }
    },
  };
}
