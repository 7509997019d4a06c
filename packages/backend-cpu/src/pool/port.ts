// How a worker hears from the backend that started it.
import { nodeModule } from '../host.ts';
import type { Report } from './messages.ts';

interface WorkerPort {
  /** @param moved buffers that the other side gets instead of copies of them */
  post(report: Report, moved?: readonly ArrayBuffer[]): void;
  /** Replaces the listener. */
  listen(listener: (message: never) => void): void;
}

export function workerPort(): WorkerPort {
  const port = nodeModule('node:worker_threads')?.parentPort;
  let current: (message: never) => void = () => {};
  if (port) port.on('message', (message) => current(message));
  else globalThis.addEventListener('message', ({ data }) => current(data as never));
  return {
    post: (report, moved = []) => (port ? port.postMessage(report, moved) : globalThis.postMessage(report, { transfer: [...moved] })),
    listen: (listener) => {
      current = listener;
    },
  };
}
