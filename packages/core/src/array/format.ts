// How arrays print: nested brackets, few digits, long axes abbreviated.
import type { TensorSpec, TypedArray } from './dtype.ts';

const edgeItems = 3;
const longestAxis = 8;

/** The values of an array as text; axes longer than eight show their first and last three entries. */
export function formatArray(array: TensorSpec & { readonly data: TypedArray }): string {
  const print = (axis: number, offset: number, length: number): string => {
    if (axis === array.shape.length) return formatElement(array, offset);
    const extent = array.shape[axis]!;
    const inner = extent === 0 ? 0 : length / extent;
    const entry = (index: number): string => print(axis + 1, offset + index * inner, inner);
    const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => entry(from + index));
    const entries = extent > longestAxis ? [...range(0, edgeItems), '…', ...range(extent - edgeItems, extent)] : range(0, extent);
    const separator = axis === array.shape.length - 1 ? ', ' : `,\n${' '.repeat(axis + 1)}`;
    return `[${entries.join(separator)}]`;
  };
  return print(0, 0, array.data.length);
}

function formatElement(array: TensorSpec & { readonly data: TypedArray }, index: number): string {
  const value = array.data[index]!;
  if (array.dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? String(value) : String(Number(value.toPrecision(5)));
}
