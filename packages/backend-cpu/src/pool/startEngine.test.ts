// Which engine a place gets, by what it offers.
import { afterEach, expect, it, vi } from 'vitest';
import { compileKernelModule } from '../wasm/kernelModule.ts';
import { InlineEngine } from './inlineEngine.ts';
import { PageEngine } from './pageEngine.ts';
import { RemoteEngine } from './remoteEngine.ts';
import { startEngine } from './startEngine.ts';
import type { StartedEngine } from './startEngine.ts';

const { module } = await compileKernelModule();

/** Workers of a browser that never answer. */
class SilentWorker {
  addEventListener(): void {}
  postMessage(): void {}
  terminate(): void {}
}

/** Makes this look like a page without Node. */
function pretendPage({ isolated, workers }: { isolated: boolean; workers: boolean }): void {
  vi.stubGlobal('process', Object.create(process, { versions: { value: {} }, getBuiltinModule: { value: undefined } }));
  vi.stubGlobal('document', {});
  vi.stubGlobal('crossOriginIsolated', isolated);
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  vi.stubGlobal('Worker', workers ? SilentWorker : undefined);
}

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The engine, which is disposed of at once. */
function started(threads?: number): StartedEngine {
  const result = startEngine(module, threads);
  vi.unstubAllGlobals();
  void result.engine.dispose();
  return result;
}

it('Node computes in line, with workers', () => {
  const { engine, notes } = started(3);
  expect(engine).toBeInstanceOf(InlineEngine);
  expect([engine.threads, notes]).toEqual([3, []]);
  expect(started().engine.threads).toBeLessThanOrEqual(4);
});

it('a page that is isolated leaves all threads to workers', () => {
  pretendPage({ isolated: true, workers: true });
  const { engine, notes } = started(3);
  expect(engine).toBeInstanceOf(PageEngine);
  expect([engine.threads, notes]).toEqual([3, []]);
});

it('a page that is not has one worker, and says so', () => {
  pretendPage({ isolated: false, workers: true });
  const { engine, notes } = started(3);
  expect(engine).toBeInstanceOf(RemoteEngine);
  expect([engine.threads, notes]).toEqual([1, ['one worker: the page is not cross-origin isolated']]);
});

it('without workers one thread does everything, and says so', () => {
  pretendPage({ isolated: true, workers: false });
  const { engine, notes } = started(3);
  expect(engine).toBeInstanceOf(InlineEngine);
  expect([engine.threads, notes]).toEqual([1, ['one thread: there are no workers here that memory can be shared with']]);
});

it('a page that may not start workers hears so', () => {
  pretendPage({ isolated: false, workers: true });
  vi.stubGlobal('Worker', function refuse() {
    throw new Error('blocked by policy');
  });
  expect(() => startEngine(module)).toThrow('The CPU backend cannot start a worker: Error: blocked by policy.');
});
