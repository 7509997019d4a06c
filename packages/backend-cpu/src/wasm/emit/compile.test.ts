// Modules of kernels: what is shared, what is joined, and how long it takes.
import { scalar } from '@nn/core';
import type { Expr, TensorSpec } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { KernelCache, compileMapGroups, compileMaps } from './compile.ts';
import type { MapCall } from './group.ts';
import { joinMaps } from './join.ts';
import { runMaps } from './testing/runner.ts';
import { NdArray } from '@nn/core';

const x = scalar.input(0, 'f32');
const y = scalar.input(1, 'f32');
const f32 = (...shape: number[]): TensorSpec => ({ shape, dtype: 'f32' });
const mapOf = (expression: Expr, ...inputs: TensorSpec[]): MapCall => ({ expression, inputs, output: inputs[0]! });

function exportsOf(bytes: Uint8Array<ArrayBuffer> | undefined): string[] {
  return bytes === undefined ? [] : WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
}

describe('compileMaps', () => {
  it('has one kernel for maps that differ in extents', () => {
    const { bytes, kernels } = compileMaps([
      mapOf(scalar.relu(x), f32(100)),
      mapOf(scalar.relu(x), f32(3, 50)),
      mapOf(scalar.relu(y), f32(7), f32(7)),
      mapOf(scalar.add(x, y), f32(3, 50), f32(1, 50)),
      mapOf(scalar.add(x, y), f32(9, 5), f32(1, 5)),
      mapOf(scalar.add(x, y), f32(9, 5), f32(9, 1)),
    ]);
    const names = kernels.map(({ exportName }) => exportName);
    expect(names).toEqual(['map0', 'map0', 'map0', 'map1', 'map1', 'map2']);
    expect(exportsOf(bytes)).toEqual(['map0', 'map1', 'map2']);
  });

  it('tells constants, zeros of either sign and types apart', () => {
    const flagged = scalar.cast(scalar.input(0, 'bool'), 'f32');
    const expressions = [scalar.add(x, 0), scalar.add(x, -0), scalar.add(x, NaN), scalar.sub(x, y), scalar.sub(y, x)];
    const { kernels } = compileMaps([
      ...expressions.map((expression) => mapOf(expression, f32(4), f32(4))),
      mapOf(flagged, { shape: [4], dtype: 'bool' }),
      mapOf(scalar.add(x, 0), { shape: [4], dtype: 'u8' }),
    ]);
    expect(new Set(kernels.map(({ exportName }) => exportName)).size).toBe(7);
  });

  it('compiles nothing that the cache has', () => {
    const cache = new KernelCache();
    const first = compileMaps([mapOf(scalar.relu(x), f32(4))], { cache });
    const second = compileMaps([mapOf(scalar.relu(x), f32(5)), mapOf(scalar.exp(x), f32(4))], { cache });
    const third = compileMaps([mapOf(scalar.exp(x), f32(6))], { cache });
    expect([first.bytes, second.bytes, third.bytes].map(exportsOf)).toEqual([['map0'], ['map1'], []]);
    expect(second.kernels.map(({ exportName }) => exportName)).toEqual(['map0', 'map1']);
    expect(third.kernels[0]!.exportName).toBe('map1');
  });

  it('says for how many threads there is work', () => {
    const { kernels } = compileMaps([
      mapOf(scalar.relu(x), f32(1000)),
      mapOf(scalar.relu(x), f32(1_000_000)),
      mapOf(scalar.relu(x), f32(0)),
    ]);
    const threads = kernels.map(({ maxThreads }) => maxThreads);
    expect(threads).toEqual([1, expect.any(Number), 1]);
    expect(threads[1]).toBeGreaterThan(4);
  });

  it('has each helper once', () => {
    const { bytes } = compileMaps([mapOf(scalar.mod(x, y), f32(4), f32(4)), mapOf(scalar.mod(y, x), f32(4), f32(4))]);
    expect(WebAssembly.validate(bytes!)).toBe(true);
    expect(exportsOf(bytes)).toEqual(['map0', 'map1']);
  });

  it('compiles forty maps in some milliseconds', () => {
    const maps = Array.from({ length: 40 }, (_, index) =>
      mapOf(scalar.elu(scalar.add(scalar.mul(x, index + 0.5), y), 1.5), f32(64, 32), f32(1, 32)),
    );
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const times = Array.from({ length: 10 }, () => {
      const start = performance.now();
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(compileMaps(maps).bytes!), { env: { memory } });
      expect(Object.keys(exports)).toHaveLength(40);
      return performance.now() - start;
    });
    // Some 5 ms alone on a machine; what is tested is that nothing grows out of hand.
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

describe('joinMaps', () => {
  // An update as optimizers write it: two averages, then the parameter by both; slots 0–3 are parameter, gradient, averages.
  const [old, gradient, root] = [x, y, scalar.input(2, 'f32')];
  const average = scalar.add(scalar.mul(0.9, old), scalar.mul(0.1, gradient));
  const averageSquare = scalar.add(scalar.mul(0.999, old), scalar.mul(0.001, scalar.mul(gradient, gradient)));
  const parameter = scalar.sub(old, scalar.div(scalar.mul(0.01, gradient), scalar.add(scalar.sqrt(root), 1e-8)));
  const maps = [
    { expression: average, in: [2, 1], out: 4 },
    { expression: averageSquare, in: [3, 1], out: 5 },
    { expression: parameter, in: [0, 4, 5], out: 6 },
  ];
  const size = 1003;
  const arrays = [0, 1, 2, 3].map(
    (slot) =>
      new NdArray(
        Float32Array.from({ length: size }, (_, index) => Math.abs(Math.sin(index * (slot + 1)))),
        [size],
        'f32',
      ),
  );

  it('computes what the maps compute one by one', () => {
    const joined = joinMaps(maps, [size], () => f32(size));
    expect([joined.in, joined.out]).toEqual([
      [2, 1, 3, 0],
      [4, 5, 6],
    ]);
    const together = runMaps({ expressions: joined.group.outputs, inputs: joined.in.map((slot) => arrays[slot]!), shape: [size] });
    const values = [...arrays];
    for (const { expression, in: inputs, out } of maps) {
      values[out] = runMaps({ expressions: [expression], inputs: inputs.map((slot) => values[slot]!), shape: [size] })[0]!;
    }
    together.forEach((array, index) => expect(array.data).toEqual(values[joined.out[index]!]!.data));
  });

  it('writes only what is needed', () => {
    const written = maps.map((map) => ({ ...map, isWritten: map.out === 6 }));
    const joined = joinMaps(written, [size], () => f32(size));
    expect(joined.out).toEqual([6]);
    expect(compileMapGroups([joined.group]).kernels).toHaveLength(1);
  });
});
