// How threads run a program in memory.
import { describe, expect, it } from 'vitest';
import type { WasmCommand } from './command.ts';
import { Heap } from './heap.ts';
import { KernelInstance } from './kernelInstance.ts';
import { compileKernelModule } from './kernelModule.ts';
import { scratchBytes, scratchStart } from './layout.ts';
import { createMemory, LocalMemory } from './memory.ts';
import { ModuleRegistry } from './moduleRegistry.ts';
import { ProgramImage } from './programImage.ts';

const { module } = await compileKernelModule();

/** Sets a word; `work` says whether threads share that. */
const set = (pointer: number, value: number, work: number): WasmCommand => ({
  kernel: 'fill',
  words: () => [pointer, 1, value],
  work,
});

/** Numbers of commands that threads share (1e9) or the first runs alone (1), what they write, and the image of them. */
function imageOf(works: readonly number[]) {
  const memory = createMemory();
  const access = new LocalMemory(memory);
  const start = scratchStart + 2 * scratchBytes;
  const heap = new Heap({ start, limit: Infinity, reserve: (end) => access.reserve(end) });
  const results = heap.allocate(4 * works.length);
  const commands = works.map((work, index) => ({
    command: set(results + 4 * index, index + 1, work),
    pointers: () => ({ inputs: [], outputs: [] }),
  }));
  const image = new ProgramImage({ memory: access, heap, registry: new ModuleRegistry() }, commands, { bindings: 1, workspaceBytes: 0 });
  image.bind(0);
  const written = () => [...access.read(results, 'i32', works.length)];
  return { memory, access, image, written };
}

describe('a program in memory', () => {
  it('is run to its end by the first thread', () => {
    const { memory, image, written } = imageOf([1, 1e9, 1, 1]);
    expect(image.parallel).toBe(true);
    expect(new KernelInstance(module, memory).start(image.header(0), 0, 1)).toBe(true);
    expect(written()).toEqual([1, 2, 3, 4]);
  });

  it('may be gone for other threads after its last barrier', () => {
    const { memory, access, image } = imageOf([1, 1e9, 1, 1]);
    const header = image.header(0);
    const [commands] = access.read(header, 'i32', 1);
    // The third command and those behind it are anything by now.
    access.write(
      commands! + 4 * 3 * 2,
      'i32',
      Int32Array.from({ length: 6 }, () => 0x7ffffff0),
    );
    expect(new KernelInstance(module, memory).start(header, 1, 1)).toBe(true);
    expect(() => new KernelInstance(module, memory).start(header, 0, 1)).toThrow(WebAssembly.RuntimeError);
  });

  it('without shared commands is not for several threads', () => {
    expect(imageOf([1, 1]).image.parallel).toBe(false);
  });
});
