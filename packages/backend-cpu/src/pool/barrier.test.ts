// Meetings of the threads: nobody goes on before all are there, and it is quick.
import { describe, expect, it } from 'vitest';
import { startDevice } from '../testing/wasmHost.ts';
import type { WasmCommand } from '../wasm/command.ts';

const words = 4096;
const spec = { shape: [words], dtype: 'i32' } as const;

/** Fills the whole buffer with a number; the threads share that. */
const fill = (value: number): WasmCommand => ({ kernel: 'fill', words: ({ outputs: [to] }) => [to!, words, value], work: 1e9 });
/** Copies the first half over the second, which other threads have filled. */
const copy: WasmCommand = {
  kernel: 'copy',
  words: ({ outputs: [to] }) => [to!, to! + 2 * words, words / 2],
  work: 1e9,
};

/** Runs the commands some times; the result of the last run, and milliseconds of the fastest. */
async function run(threads: number, commands: readonly WasmCommand[], runs = 1) {
  const { engine, device } = await startDevice(threads);
  const buffer = device.allocate('i32', words);
  const instr = { op: 'test', attrs: {}, in: [], out: [], path: '' };
  const sequence = device.sequence([{ instr, inputs: [], outputs: [buffer], run: { commands } }]);
  sequence.rebind!();
  let fastest = Infinity;
  for (let index = 0; index < runs; index++) {
    const start = performance.now();
    await sequence.run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  const result = await device.read(buffer, spec);
  await engine.dispose();
  return { result, fastest };
}

describe('barriers', () => {
  it('keep commands apart that need each other', async () => {
    for (const threads of [2, 4]) {
      const commands = Array.from({ length: 2000 }, (_, index) => [fill(index), copy]).flat();
      const { result } = await run(threads, commands);
      expect(result.data.every((value) => value === 1999)).toBe(true);
    }
  });

  it('take no time to speak of', async () => {
    const nothing: WasmCommand = { kernel: 'fill', words: ({ outputs: [to] }) => [to!, 0, 0], work: 1e9 };
    const count = 1000;
    const { fastest } = await run(
      2,
      Array.from({ length: count }, () => nothing),
      10,
    );
    // 0.1 µs each on two free cores; a spin and a sleep where other processes leave only one.
    expect(fastest / count).toBeLessThan(0.1);
  });
});
