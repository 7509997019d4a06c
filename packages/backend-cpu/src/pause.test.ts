// In a page, a long run lets timers and input through; elsewhere it goes on to its end.
import { matmul, trace } from '@nn/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cpuBackend } from './index.ts';
import { isPage } from './pause.ts';
import { arrayOf } from './testing/compare.ts';

afterEach(() => vi.unstubAllGlobals());

/** Products one after the other, some milliseconds each; says what a timer saw meanwhile. */
async function runBesideTimer(): Promise<{ readonly ticks: number; readonly result: number }> {
  const matrix = { shape: [256, 256], dtype: 'f32' } as const;
  const program = trace({ x: matrix }, ({ x }) => {
    let y = x;
    for (let index = 0; index < 12; index++) y = matmul(y, x);
    return y;
  });
  const backend = await cpuBackend();
  const executable = await backend.compile(program);
  const store = await backend.createStore({});
  const x = arrayOf([256, 256], 'f32', 1);
  x.data.forEach((value, index) => (x.data[index] = value / 32));
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const outputs = executable.run(store, { x });
  x.data.fill(0);
  const result = (await outputs.read('output')).data[7]!;
  clearInterval(timer);
  return { ticks, result };
}

describe('pauses', () => {
  it('are made in a page only, and change no bit', async () => {
    expect(isPage()).toBe(false);
    const inNode = await runBesideTimer();
    vi.stubGlobal('document', {});
    expect(isPage()).toBe(true);
    const inPage = await runBesideTimer();
    expect(inNode.ticks).toBe(0);
    expect(inPage.ticks).toBeGreaterThan(2);
    expect(inPage.result).toBe(inNode.result);
    expect(inPage.result).not.toBe(0);
  });
});
