// The block of 32-bit words from which a kernel knows where its arrays are and how far they extend.
import type { MapLoop } from './group.ts';

/**
 * In this order, by byte offsets: the number of elements; addresses of the outputs and of the sums of blocks; addresses of the inputs that
 * are read; if there are
 * outer axes, the length of a row, the extents of these axes and, for every input that is no scalar, its strides along them and its
 * steps (what is added to its address at the end of a row when the index of the axis goes up).
 */
export interface ArgumentLayout {
  readonly size: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly columns: number;
  readonly outer: number;
  /** For each input. */
  readonly strides: readonly number[];
  readonly steps: readonly number[];
  readonly bytes: number;
}

export function argumentLayout({ inputs, outputs, sums, outer }: MapLoop): ArgumentLayout {
  let bytes = 0;
  const words = (count: number): number => (bytes += 4 * count) - 4 * count;
  const isStrided = inputs.map(({ reading }) => outer.length > 0 && reading !== 'scalar');
  return {
    size: words(1),
    outputs: words(outputs.length + sums.length),
    inputs: words(inputs.length),
    columns: words(outer.length > 0 ? 1 : 0),
    outer: words(outer.length),
    strides: isStrided.map((has) => words(has ? outer.length : 0)),
    steps: isStrided.map((has) => words(has ? outer.length : 0)),
    bytes,
  };
}

/**
 * Addresses of a group's arrays; those of inputs that no expression reads are not looked at. Buffers are padded to 64 bytes: up to 12
 * bytes behind the last element of an input are read, and nothing behind that of an output is written.
 */
export interface MapPointers {
  readonly inputs: readonly number[];
  /** Of the outputs, and after them of the sums of blocks. */
  readonly outputs: readonly number[];
}

/** Writes a kernel's arguments from the beginning of `target`, which has `layout.bytes` bytes or more. */
export function writeArguments(layout: ArgumentLayout, loop: MapLoop, pointers: MapPointers, target: DataView): void {
  const write = (offset: number, values: readonly number[]): void =>
    values.forEach((value, index) => target.setInt32(offset + 4 * index, value, true));
  write(layout.size, [loop.size]);
  write(layout.outputs, pointers.outputs);
  write(
    layout.inputs,
    loop.inputs.map(({ index }) => pointers.inputs[index]!),
  );
  if (loop.outer.length === 0) return;
  write(layout.columns, [loop.columns]);
  write(layout.outer, loop.outer);
  loop.inputs.forEach(({ reading, bytes, strides }, input) => {
    if (reading === 'scalar') return;
    write(layout.strides[input]!, strides);
    // At the end of a row an address has passed the row; where the index of an axis returns to 0, it has passed that whole axis.
    const passed = [...strides.map((stride, axis) => stride * loop.outer[axis]!), reading === 'dense' ? loop.columns * bytes : 0];
    write(
      layout.steps[input]!,
      strides.map((stride, axis) => stride - passed[axis + 1]!),
    );
  });
}
