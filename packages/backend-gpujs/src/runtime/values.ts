// What cells hold, moved between the host and the device as needed.
import type { TypedArray } from '@nn/core';
import type { Cell, Resident } from './cell.ts';
import { fromFloats, toFloats } from './floats.ts';
import type { Runner } from './runner.ts';

/** The values of one device. */
export class Values<V> {
  readonly #runner: Runner<V>;

  constructor(runner: Runner<V>) {
    this.#runner = runner;
  }

  /** The elements of a cell on the device: put there when they are not. */
  onDevice(cell: Cell<V>): V | Promise<V> {
    if (cell.resident !== undefined) return cell.resident.value;
    const uploaded = this.#runner.upload(toFloats(elementsOf(cell)));
    const keep = (value: V): V => {
      cell.resident = { value, holders: 1 };
      return value;
    };
    return uploaded instanceof Promise ? uploaded.then(keep) : keep(uploaded);
  }

  /** The elements of a cell on the host, in an array that nobody writes into. */
  onHost(cell: Cell<V>): TypedArray | Promise<TypedArray> {
    if (cell.host !== undefined || cell.resident === undefined) return elementsOf(cell);
    const read = this.#runner.read(cell.resident.value, cell.length);
    const keep = (values: Float32Array<ArrayBuffer>): TypedArray => fromFloats(values, cell.dtype);
    return read instanceof Promise ? read.then(keep) : keep(read);
  }

  /** Gives a cell what a kernel made. */
  put(cell: Cell<V>, value: V): void {
    this.clear(cell);
    cell.resident = { value, holders: 1 };
  }

  /** Gives a cell elements of the host. The array is the cell's from now on. */
  putHost(cell: Cell<V>, elements: TypedArray): void {
    this.clear(cell);
    cell.host = elements;
  }

  /** Gives a cell what another one has; neither is written into, so both have it. */
  share(from: Cell<V>, to: Cell<V>): void {
    if (from === to) return;
    this.clear(to);
    to.host = from.host;
    if (from.resident === undefined) return;
    from.resident.holders += 1;
    to.resident = from.resident;
  }

  /** Takes away what a cell holds. */
  clear(cell: Cell<V>): void {
    cell.host = undefined;
    if (cell.resident !== undefined) this.#release(cell.resident);
    cell.resident = undefined;
  }

  #release(resident: Resident<V>): void {
    resident.holders -= 1;
    if (resident.holders === 0) this.#runner.free(resident.value);
  }
}

function elementsOf({ host, length, dtype }: Cell): TypedArray {
  return host ?? fromFloats(new Float32Array(length), dtype);
}
