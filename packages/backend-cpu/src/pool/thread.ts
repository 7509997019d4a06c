// Starting workers, in Node and in browsers, from a string, so that no bundler has to know about them.
import { BackendError } from '@nn/core';
import { workerSource } from '../generated/worker.ts';
import { nodeModule } from '../host.ts';
import type { Assignment, MemberRole, Order, OwnerRole, Report } from './messages.ts';

/** A worker that runs. */
export interface Thread {
  /** @param moved buffers that the worker gets instead of copies of them */
  order(order: Order, moved?: readonly ArrayBuffer[]): void;
  /**
   * Resolves when it does nothing any more.
   * @throws BackendError when a browser does not end it
   */
  terminate(): Promise<void>;
}

export interface ThreadListener {
  onReport(report: Report): void;
  /** Called once when the worker ended without being asked to. */
  onDeath(reason: string): void;
}

/** Starts a worker and tells it what it is to be. */
export type ThreadStarter = (module: WebAssembly.Module, role: MemberRole | OwnerRole, listener: ThreadListener) => Thread;

/** The way to start workers here, or undefined when there is none. */
export function threadStarter(): ThreadStarter | undefined {
  if (nodeModule('node:worker_threads') !== undefined) return startInNode;
  return typeof Worker === 'undefined' ? undefined : startInBrowser;
}

const startInNode: ThreadStarter = (module, role, { onReport, onDeath }) => {
  const { Worker: NodeWorker } = nodeModule('node:worker_threads')!;
  // Without the process's own options: a loader of TypeScript in each worker would only take time.
  const worker = new NodeWorker(workerSource, { eval: true, name: 'nn', execArgv: [] });
  const death = once(onDeath);
  worker.on('message', onReport);
  worker.on('error', (error) => death.announce(String(error)));
  worker.on('exit', (code) => death.announce(`it exited with code ${code}`));
  // A process that has nothing else to do ends.
  worker.unref();
  worker.postMessage(assignment(module, role, undefined));
  return {
    order: (order, moved) => worker.postMessage(order, moved),
    async terminate() {
      death.expect();
      await worker.terminate();
    },
  };
};

/** How long a browser may take to end a worker, in milliseconds: those that are busy get seconds to come to an end by themselves. */
const longestEnd = 10_000;

const startInBrowser: ThreadStarter = (module, role, { onReport, onDeath }) => {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'nn' });
  const death = once(onDeath);
  const lock = locks() === undefined ? undefined : `nn ${crypto.randomUUID()}`;
  worker.addEventListener('message', ({ data }: MessageEvent<Report>) => {
    if (data.report === 'ready') {
      URL.revokeObjectURL(url);
      // The worker holds this lock for life: getting it means that the worker is gone, of which no event tells.
      if (lock !== undefined) void whenReleased(lock).then((isReleased) => isReleased && death.announce('it ended'));
    }
    onReport(data);
  });
  worker.addEventListener('error', ({ message }) => {
    death.announce(message || 'it cannot be started; a content security policy must allow worker-src blob:');
  });
  worker.postMessage(assignment(module, role, lock));
  return {
    order: (order, moved = []) => worker.postMessage(order, [...moved]),
    async terminate() {
      death.expect();
      worker.terminate();
      // A browser takes its time, in which the worker may still write into memory that others use by now.
      if (lock !== undefined) await whenReleased(lock, AbortSignal.timeout(longestEnd));
    },
  };
};

/**
 * Waits until no worker holds a lock.
 * @returns false where the page is refused locks, in a sandbox for example: its workers have none either
 * @throws BackendError when the signal comes first
 */
async function whenReleased(lock: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await locks()!.request(lock, signal === undefined ? {} : { signal }, () => {});
    return true;
  } catch (error) {
    if (signal?.aborted)
      throw new BackendError(`A worker of the CPU backend has not ended after ${longestEnd / 1000} s.`, undefined, { cause: error });
    return false;
  }
}

function assignment(module: WebAssembly.Module, role: MemberRole | OwnerRole, lock: string | undefined): Assignment {
  return { module, lock, ...role };
}

/** Where locks are there: on secure pages. */
function locks(): LockManager | undefined {
  return (navigator as { readonly locks?: LockManager }).locks;
}

/** Announces an end once, unless it is expected. */
function once(announce: (reason: string) => void): { announce(reason: string): void; expect(): void } {
  let open = true;
  return {
    announce(reason) {
      if (open) announce(reason);
      open = false;
    },
    expect: () => {
      open = false;
    },
  };
}
