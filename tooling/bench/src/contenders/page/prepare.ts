// What of nn the page needs: a file of its own, so that its import can be measured.
import { cpuBackend } from '@nn/backend-cpu';
import { decodeSafetensors } from '@nn/kit';
import type { ModelDescription } from '../../models.ts';
import type { Arrays, Prepared } from '../contract.ts';
import type { PlainTask } from '../nnTasks.ts';
import { prepareTask } from '../nnTasks.ts';

/** Prepares a task on a new backend. @param bytes a safetensors file */
export async function prepare(bytes: Uint8Array, task: PlainTask, model: ModelDescription, threads: number): Promise<Prepared> {
  const backend = await cpuBackend({ threads });
  const { tensors } = decodeSafetensors(bytes);
  const prepared = await prepareTask(backend, { task, model, arrays: Object.fromEntries(tensors) as Arrays });
  return {
    ...prepared,
    async dispose() {
      await prepared.dispose?.();
      await backend.dispose();
    },
  };
}
