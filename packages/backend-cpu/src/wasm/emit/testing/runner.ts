// Compiled maps on a memory of their own: buffers padded to 64 bytes, as the backend's heap gives them.
import { NdArray, scalar, sizeOf } from '@nn/core';
import type { DType, Expr, Shape, TypedArray } from '@nn/core';
import type { CompileOptions } from '../compile.ts';
import { compileMapGroups } from '../compile.ts';

const views: Readonly<Record<DType, (buffer: ArrayBufferLike, start: number, length: number) => TypedArray>> = {
  f32: (buffer, start, length) => new Float32Array(buffer, start, length),
  i32: (buffer, start, length) => new Int32Array(buffer, start, length),
  u8: (buffer, start, length) => new Uint8Array(buffer, start, length),
  bool: (buffer, start, length) => new Uint8Array(buffer, start, length),
};

export interface MapRun {
  readonly expressions: readonly Expr[];
  readonly inputs: readonly NdArray[];
  readonly shape: Shape;
  readonly threads?: number;
  /** Which input's buffer an output is written to, by output. */
  readonly inPlace?: Readonly<Record<number, number>>;
}

/** A prepared call: `run` computes, `outputs` are views of the results. */
export interface PreparedMap {
  readonly run: () => void;
  readonly outputs: readonly TypedArray[];
  /** Every byte beyond the buffers' ends is still what it was. */
  readonly isPaddingIntact: () => boolean;
}

const paddingByte = 0xa5;

export function prepare({ expressions, inputs, shape, threads = 1, inPlace = {} }: MapRun, options?: CompileOptions): PreparedMap {
  const { bytes, kernels } = compileMapGroups([{ inputs, outputs: expressions, shape }], options);
  const kernel = kernels[0]!;
  const size = sizeOf(shape);
  const lengths = [...inputs.map(({ data }) => data.length * 4), ...expressions.map(() => size * 4), kernel.argumentBytes];
  const pages = Math.ceil(lengths.reduce((sum, length) => sum + length + 128, 1024) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  new Uint8Array(memory.buffer).fill(paddingByte);
  let end = 1024;
  const padding: { readonly start: number; readonly end: number }[] = [];
  const reserve = (dtype: DType, length: number): TypedArray => {
    const view = views[dtype](memory.buffer, end, length);
    const stop = end + view.byteLength;
    end = Math.ceil((stop + 1) / 64) * 64;
    padding.push({ start: stop, end });
    return view;
  };
  const sources = inputs.map(({ dtype, data }) => {
    const view = reserve(dtype, data.length);
    view.set(data);
    return view;
  });
  const outputs = expressions.map(({ type }, index) => (inPlace[index] === undefined ? reserve(type, size) : sources[inPlace[index]]!));
  kernel.writeArguments(new DataView(memory.buffer, end), {
    inputs: sources.map(({ byteOffset }) => byteOffset),
    outputs: outputs.map(({ byteOffset }) => byteOffset),
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes!), { env: { memory } });
  const compute = instance.exports[kernel.exportName] as (address: number, thread: number, threads: number) => void;
  const all = new Uint8Array(memory.buffer);
  return {
    run: () => {
      for (let thread = 0; thread < threads; thread++) compute(end, thread, threads);
    },
    outputs,
    isPaddingIntact: () => padding.every(({ start, end: stop }) => all.subarray(start, stop).every((byte) => byte === paddingByte)),
  };
}

/** The results of a group of maps, as arrays of their own. */
export function runMaps(run: MapRun, options?: CompileOptions): NdArray[] {
  const prepared = prepare(run, options);
  prepared.run();
  return prepared.outputs.map((view, index) => new NdArray(view.slice(), run.shape, run.expressions[index]!.type));
}

/** The kinds of code that this engine runs: without relaxed SIMD, and with it where there is such a thing. */
export const variants: readonly CompileOptions[] = [{ relaxed: false }, { relaxed: true }].filter((options) => {
  const x = scalar.input(0, 'f32');
  const { bytes } = compileMapGroups([{ inputs: [{ shape: [1], dtype: 'f32' }], outputs: [scalar.exp(x)], shape: [1] }], options);
  return WebAssembly.validate(bytes!);
});
