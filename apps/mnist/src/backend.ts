// The backend of a run.
import { backendNamed } from '@nn/backends';
import type { Backend } from '@nn/kit';

/**
 * Makes the backend of that name. The process is this command's own, so the backend may set flags of the engine; training and
 * prediction set the same ones, which keeps their bits the same.
 */
export async function startBackend(name: string): Promise<Backend> {
  return backendNamed(name, { experimentalV8Flags: true });
}
