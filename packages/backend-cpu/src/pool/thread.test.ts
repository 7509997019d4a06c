// How workers of a browser end: when their locks say so, in the time that there is, and also where there are no locks.
import type { BackendError } from '@nn/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileKernelModule } from '../wasm/kernelModule.ts';
import type { Report } from './messages.ts';
import { threadStarter } from './thread.ts';
import type { Thread } from './thread.ts';

const { module } = await compileKernelModule();

/** A worker that says that it is ready, and nothing else. */
class ReadyWorker {
  addEventListener(event: string, listener: (message: { readonly data: Report }) => void): void {
    if (event === 'message') queueMicrotask(() => listener({ data: { report: 'ready' } }));
  }
  postMessage(): void {}
  terminate(): void {}
}

type Request = (name: string, options: { readonly signal?: AbortSignal }, granted: () => void) => Promise<void>;

/** The lock that a worker holds, and may give back. */
function heldLock(): { readonly request: Request; release(): void } {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    async request(lock, { signal }, granted) {
      const aborted = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      await Promise.race([released, aborted]);
      granted();
    },
    release,
  };
}

const onDeath = vi.fn<(reason: string) => void>();

async function started(request: Request | undefined): Promise<Thread> {
  // Without a door to Node's modules; Vitest needs the rest.
  vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }));
  vi.stubGlobal('Worker', ReadyWorker);
  vi.stubGlobal('navigator', request === undefined ? {} : { locks: { request } });
  const thread = threadStarter()!(module, { role: 'owner' }, { onReport: () => {}, onDeath });
  await Promise.resolve();
  return thread;
}

const timeout = AbortSignal.timeout.bind(AbortSignal);

beforeEach(() => {
  onDeath.mockClear();
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => timeout(milliseconds / 1000));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a worker of a browser', () => {
  it('has ended when its lock is free', async () => {
    const lock = heldLock();
    const thread = await started(lock.request);
    let hasEnded = false;
    const end = thread.terminate().then(() => (hasEnded = true));
    await Promise.resolve();
    expect(hasEnded).toBe(false);
    lock.release();
    await end;
    expect(onDeath).not.toHaveBeenCalled();
  });

  it('that nobody asked to end is missed', async () => {
    const lock = heldLock();
    await started(lock.request);
    lock.release();
    await vi.waitUntil(() => onDeath.mock.calls.length > 0);
    expect(onDeath).toHaveBeenCalledExactlyOnceWith('it ended');
  });

  it('that does not end is an error', async () => {
    const thread = await started(heldLock().request);
    await expect(thread.terminate()).rejects.toMatchObject({
      code: 'backend.failed',
      message: 'A worker of the CPU backend has not ended after 10 s.',
    } satisfies Partial<BackendError>);
  });

  it.each<[string, Request | undefined]>([
    ['has no locks', undefined],
    ['is refused locks', () => Promise.reject(new DOMException('Access to the Locks API is denied in this context.', 'SecurityError'))],
  ])('ends at once where the page %s', async (_, request) => {
    const thread = await started(request);
    await thread.terminate();
    expect(onDeath).not.toHaveBeenCalled();
  });
});
