// Which engine this place allows: the fewer threads have to wait for each other's event loops, the better.
import { BackendError } from '@nn/core';
import type { Engine } from '../wasm/engine.ts';
import { createMemory } from '../wasm/memory.ts';
import { availableCores, canShareMemory, isPage } from '../host.ts';
import { InlineEngine } from './inlineEngine.ts';
import { PageEngine } from './pageEngine.ts';
import { RemoteEngine } from './remoteEngine.ts';
import { threadStarter } from './thread.ts';
import type { ThreadStarter } from './thread.ts';

/** More threads do not help networks of the sizes that run on a CPU. */
const defaultThreads = 4;

export interface StartedEngine {
  readonly engine: Engine;
  /** Why it has fewer threads than were asked for, where it has. */
  readonly notes: readonly string[];
}

/**
 * @param threads how many; by default one per core, up to four
 * @throws BackendError `backend.unavailable` when there is no address space for another memory, or no worker may be started
 */
export function startEngine(module: WebAssembly.Module, threads: number = Math.min(defaultThreads, availableCores())): StartedEngine {
  const startThread = threadStarter();
  if (startThread !== undefined && isPage()) {
    if (canShareMemory()) return { engine: new PageEngine(module, newMemory(), threads, startThread), notes: [] };
    return { engine: newRemote(module, startThread), notes: ['one worker: the page is not cross-origin isolated'] };
  }
  const starter = canShareMemory() ? startThread : undefined;
  const notes = starter === undefined && threads > 1 ? ['one thread: there are no workers here that memory can be shared with'] : [];
  return { engine: new InlineEngine(module, newMemory(), threads, starter), notes };
}

function newRemote(module: WebAssembly.Module, startThread: ThreadStarter): RemoteEngine {
  try {
    return new RemoteEngine(module, startThread);
  } catch (error) {
    throw new BackendError(`The CPU backend cannot start a worker: ${String(error)}.`, 'backend.unavailable', { cause: error });
  }
}

function newMemory(): WebAssembly.Memory {
  try {
    return createMemory();
  } catch (error) {
    const message = 'There is no address space for the memory of another CPU backend: dispose those that are not needed.';
    throw new BackendError(message, 'backend.unavailable', { cause: error });
  }
}
