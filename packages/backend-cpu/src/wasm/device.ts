// The memory and threads of a backend as core's executor wants them: buffers, and programs made of commands.
import { bytesPerElement, NdArray, sizeOf, stepFailure } from '@nn/core';
import type { DType, Sequence, SequenceDevice, SequenceUse, Step, TensorSpec } from '@nn/core';
import type { WasmBuffer, WasmStep } from './command.ts';
import type { Engine } from './engine.ts';
import { Heap, blockBytes } from './heap.ts';
import { scratchBytes, scratchStart } from './layout.ts';
import { maxBytes } from './memory.ts';
import { ModuleRegistry } from './moduleRegistry.ts';
import { planSteps } from './plan.ts';
import { ProgramImage } from './programImage.ts';
import { RunFailure } from './runFailure.ts';

export interface WasmDeviceOptions {
  /** Names the backend in messages. */
  readonly name: string;
  /** Bytes that buffers and programs may take together. */
  readonly memoryLimit?: number;
}

export class WasmDevice implements SequenceDevice<WasmBuffer, WasmStep> {
  readonly memoryLimit: number;
  readonly #name: string;
  readonly #engine: Engine;
  readonly #heap: Heap;
  readonly #registry = new ModuleRegistry();

  constructor(engine: Engine, { name, memoryLimit = maxBytes }: WasmDeviceOptions) {
    this.#engine = engine;
    this.#name = name;
    this.memoryLimit = memoryLimit;
    const start = scratchStart + engine.threads * scratchBytes;
    this.#heap = new Heap({ start, limit: memoryLimit, reserve: (end) => engine.memory.reserve(end) });
  }

  /** Bytes of buffers and programs. */
  get held(): number {
    return this.#heap.held;
  }

  bytesPerElement(dtype: DType): number {
    return bytesPerElement(dtype);
  }

  blockBytes(bytes: number): number {
    return blockBytes(bytes);
  }

  allocate(dtype: DType, length: number): WasmBuffer {
    return { pointer: this.#heap.allocate(length * bytesPerElement(dtype)), dtype, length };
  }

  free({ pointer }: WasmBuffer): void {
    this.#heap.free(pointer);
  }

  write({ pointer, dtype }: WasmBuffer, { data }: NdArray): void {
    this.#engine.memory.write(pointer, dtype, data);
  }

  read({ pointer, dtype }: WasmBuffer, { shape }: TensorSpec): NdArray | Promise<NdArray> {
    const data = this.#engine.memory.read(pointer, dtype, sizeOf(shape));
    return data instanceof Promise ? data.then((values) => new NdArray(values, shape, dtype)) : new NdArray(data, shape, dtype);
  }

  copy(from: WasmBuffer, to: WasmBuffer): void {
    this.#engine.memory.copy(from.pointer, to.pointer, to.length * bytesPerElement(to.dtype));
  }

  sequence(steps: readonly Step<WasmBuffer, WasmStep>[], { bindings, results }: SequenceUse): Sequence {
    const plan = planSteps(steps, results);
    const owners = plan.flatMap(({ owner, commands: own }) => own.map(() => owner));
    const commands = plan.flatMap(({ commands: own, pointers }) => own.map((command) => ({ command, pointers })));
    const workspaceBytes = Math.max(0, ...plan.map(({ workspace }) => workspace));
    const place = { memory: this.#engine.memory, heap: this.#heap, registry: this.#registry };
    const image = new ProgramImage(place, commands, { bindings, workspaceBytes });
    const failure = (error: unknown): unknown => {
      const owner = error instanceof RunFailure && error.command !== undefined ? owners[error.command] : undefined;
      return owner === undefined ? error : stepFailure(this.#name, owner.instr, error);
    };
    return {
      bytes: image.bytes,
      bind: (binding) => image.bind(binding),
      run: (binding) => {
        if (commands.length === 0) return;
        try {
          return this.#engine.run(image.header(binding), image)?.catch((error: unknown) => {
            throw failure(error);
          });
        } catch (error) {
          throw failure(error);
        }
      },
      dispose: () => image.dispose(),
    };
  }

  dispose(): Promise<void> {
    return this.#engine.dispose();
  }
}
