// Meetings of the threads: nobody goes on before all are there.
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

/** Runs the commands many times over; how many runs end with anything but `expected` in the whole buffer. */
async function wrongRuns(threads: number, commands: readonly WasmCommand[], expected: number): Promise<number> {
  const { engine, device } = await startDevice(threads);
  const buffer = device.allocate('i32', words);
  const instr = { op: 'test', attrs: {}, in: [], out: [], path: '' };
  const sequence = device.sequence([{ instr, inputs: [], outputs: [buffer], run: { commands } }], { bindings: 1, results: new Set() });
  sequence.bind!(0);
  let wrong = 0;
  for (let run = 0; run < 200; run++) {
    await sequence.run(0);
    const { data } = await device.read(buffer, spec);
    if (data.some((value) => value !== expected)) wrong++;
  }
  await engine.dispose();
  return wrong;
}

describe('barriers', () => {
  it.each([2, 4])('keep commands of %i threads apart that need each other', async (threads) => {
    // Only the last pair shows in the result, so there are many runs of a few.
    const commands = Array.from({ length: 10 }, (_, index) => [fill(index), copy]).flat();
    expect(await wrongRuns(threads, commands, 9)).toBe(0);
  });
});
