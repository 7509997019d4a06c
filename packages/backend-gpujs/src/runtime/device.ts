// A mode of gpu.js as core's executor wants it: buffers, and programs made of stages.
import { NdArray } from '@nn/core';
import type { DType, Sequence, SequenceDevice, SequenceUse, Step, TensorSpec } from '@nn/core';
import type { GpuStep } from '../source/stage.ts';
import type { Cell } from './cell.ts';
import type { Runner } from './runner.ts';
import { Values } from './values.ts';

/** Of every element, whatever its dtype is. */
const elementBytes = 4;

export interface GpuDeviceOptions<V> {
  readonly runner: Runner<V>;
  /** Bytes that buffers may hold together. */
  readonly memoryLimit: number;
  /** Elements that one buffer may have. */
  readonly lengthLimit: number;
  /** Joins the steps of a program. */
  sequence(steps: readonly Step<Cell<V>, GpuStep>[], use: SequenceUse, values: Values<V>): Sequence;
  /** Ends gpu.js. */
  dispose(): Promise<void>;
}

export class GpuDevice<V> implements SequenceDevice<Cell<V>, GpuStep> {
  readonly memoryLimit: number;
  readonly #options: GpuDeviceOptions<V>;
  readonly #values: Values<V>;
  readonly #cells = new Set<Cell<V>>();
  #held = 0;

  constructor(options: GpuDeviceOptions<V>) {
    this.memoryLimit = options.memoryLimit;
    this.#options = options;
    this.#values = new Values(options.runner);
  }

  /** What its buffers are counted with. */
  get bytesInUse(): number {
    return this.#held;
  }

  bytesPerElement(): number {
    return elementBytes;
  }

  allocate(dtype: DType, length: number): Cell<V> {
    const bytes = length * elementBytes;
    const { lengthLimit } = this.#options;
    if (length > lengthLimit) throw new RangeError(`an array may have ${lengthLimit} elements here`);
    if (this.#held + bytes > this.memoryLimit) throw new RangeError(`${this.#held} of ${this.memoryLimit} bytes are in use`);
    this.#held += bytes;
    const cell: Cell<V> = { dtype, length, host: undefined, resident: undefined };
    this.#cells.add(cell);
    return cell;
  }

  free(cell: Cell<V>): void {
    this.#held -= cell.length * elementBytes;
    this.#cells.delete(cell);
    this.#values.clear(cell);
  }

  write(cell: Cell<V>, { data }: NdArray): void {
    this.#values.putHost(cell, data.slice());
  }

  read(cell: Cell<V>, { shape, dtype }: TensorSpec): NdArray | Promise<NdArray> {
    this.#options.runner.expectPresent();
    const elements = this.#values.onHost(cell);
    // What is on the host belongs to the cell; what was read from the device belongs to the reader.
    if (elements instanceof Promise) return elements.then((read) => new NdArray(read, shape, dtype));
    return new NdArray(elements.slice(), shape, dtype);
  }

  copy(from: Cell<V>, to: Cell<V>): void {
    this.#values.share(from, to);
  }

  sequence(steps: readonly Step<Cell<V>, GpuStep>[], use: SequenceUse): Sequence {
    return this.#options.sequence(steps, use, this.#values);
  }

  async finish(): Promise<void> {
    await this.#options.runner.finish?.();
  }

  /** Stores and programs that were not disposed end with it. */
  dispose(): Promise<void> {
    for (const cell of this.#cells) this.free(cell);
    this.#options.runner.dispose();
    return this.#options.dispose();
  }
}
