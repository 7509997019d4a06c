// How often other work of a thread has its turn while programs run one after the other.
import { full, trace } from '@nn/core';
import { openGpujs } from '../gpujsBackend.ts';
import type { GpujsMode } from '../modes.ts';

/** Milliseconds in which programs run. */
const span = 400;

/** Turns of a timer while small programs run, without workers. */
export async function turnsDuring(mode: GpujsMode): Promise<number> {
  const { backend } = await openGpujs({ mode, threads: false });
  const executable = await backend.compile(trace({ x: { shape: [1000], dtype: 'f32' } }, ({ x }) => ({ y: x.exp().sum() })));
  const store = await backend.createStore({});
  const x = full([1000], 0.5);
  let turns = 0;
  const timer = setInterval(() => (turns += 1));
  const start = performance.now();
  while (performance.now() - start < span) await executable.run(store, { x }).done;
  clearInterval(timer);
  await backend.dispose();
  return turns;
}
