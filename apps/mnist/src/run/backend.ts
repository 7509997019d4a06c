// The backends of a run.
import { backendNamed } from '@nn/backends';
import type { Backend } from '@nn/kit';

/**
 * Makes the backend of that name. The process is this command's own, so the backend may set flags of the engine; training and
 * prediction set the same ones, which keeps their bits the same.
 */
export async function startBackend(name: string): Promise<Backend> {
  return backendNamed(name, { experimentalV8Flags: true });
}

/** Makes every backend once, hands them to `use` by name, and frees them. @throws as {@link startBackend}, before `use` is called */
export async function withBackends<R>(names: readonly string[], use: (backends: ReadonlyMap<string, Backend>) => Promise<R>): Promise<R> {
  const backends = new Map<string, Backend>();
  try {
    for (const name of names) if (!backends.has(name)) backends.set(name, await startBackend(name));
    return await use(backends);
  } finally {
    for (const backend of backends.values()) await backend.dispose();
  }
}
