// The engine on a page that shares no memory with workers: one worker owns the memory and is asked by messages.
import { BackendError, bytesPerElement } from '@nn/core';
import type { DType, TypedArray } from '@nn/core';
import type { Engine } from '../wasm/engine.ts';
import { elementsOf, maxBytes } from '../wasm/memory.ts';
import type { MemoryAccess } from '../wasm/memory.ts';
import { RunFailure } from '../wasm/runFailure.ts';
import { Exchange } from './exchange.ts';
import { SpareBuffers, worthMoving } from './spareBuffers.ts';
import type { Thread, ThreadStarter } from './thread.ts';

export class RemoteEngine implements Engine, MemoryAccess {
  readonly threads = 1;
  readonly #exchange = new Exchange();
  readonly #worker: Thread;
  readonly #spare = new SpareBuffers();
  #loss: BackendError | undefined;

  constructor(module: WebAssembly.Module, startThread: ThreadStarter) {
    this.#worker = startThread(
      module,
      { role: 'owner' },
      {
        onReport: (report) => {
          if (report.report === 'done') for (const buffer of report.emptied ?? []) this.#spare.keep(buffer);
          this.#exchange.answer(report);
        },
        onDeath: (reason) => {
          // What the worker held is lost with it, so there is nothing that a new one could go on with.
          this.#loss = new BackendError(`The CPU backend lost its worker, and with it all variables: ${reason}.`, 'backend.lost');
          this.#exchange.fail(this.#loss);
        },
      },
    );
  }

  get memory(): MemoryAccess {
    return this;
  }

  reserve(end: number): void {
    if (end > maxBytes) throw new RangeError('WebAssembly reaches 4 GiB');
    this.#worker.order({ order: 'reserve', end });
  }

  write(pointer: number, dtype: DType, values: TypedArray): void {
    const bytes = values.length * bytesPerElement(dtype);
    if (bytes < worthMoving) return this.#worker.order({ order: 'write', pointer, dtype, values });
    const buffer = this.#spare.take(bytes);
    const copy = elementsOf(buffer, dtype);
    copy.set(values);
    this.#worker.order({ order: 'write', pointer, dtype, values: copy }, [buffer]);
  }

  copy(from: number, to: number, bytes: number): void {
    this.#worker.order({ order: 'copy', from, to, bytes });
  }

  async read(pointer: number, dtype: DType, length: number): Promise<TypedArray> {
    try {
      return (await this.#ask({ order: 'read', pointer, dtype, length }))!;
    } catch (error) {
      throw error instanceof RunFailure ? new BackendError(`The CPU backend's worker failed: ${error.message}`) : error;
    }
  }

  async run(header: number): Promise<void> {
    await this.#ask({ order: 'run', header });
  }

  dispose(): Promise<void> {
    return this.#worker.terminate();
  }

  #ask(order: Parameters<Thread['order']>[0]): Promise<TypedArray | undefined> {
    if (this.#loss !== undefined) return Promise.reject(this.#loss);
    const answer = this.#exchange.next();
    this.#worker.order(order);
    return answer;
  }
}
