// The reference against numbers worked out by hand: it is what everything else is compared with.
import {
  add,
  argMax,
  concat,
  constant,
  div,
  exp,
  fillUniform,
  full,
  gather,
  iota,
  linear,
  log,
  matmul,
  max,
  mean,
  min,
  mul,
  ndarray,
  NdArray,
  normalize,
  pad,
  prod,
  reshape,
  run,
  scatterAdd,
  ShapeError,
  slice,
  softmax,
  softmaxCrossEntropy,
  square,
  streamKey,
  sum,
  trace,
  transpose,
  where,
  zeros,
} from '@nn/core';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from './index.ts';

const backend = referenceBackend();

describe('float64 from end to end', () => {
  it('keeps what Float64Array inputs and variables hold', async () => {
    const third = new NdArray(new Float64Array([1 / 3]), [1], 'f32');
    expect((await run(backend, (x) => mul(x, 3), third)).item()).toBe(1);
    const program = trace({ x: { shape: [1], dtype: 'f32' } }, ({ x }, recording) => {
      const kept = recording.readVariable('kept', { shape: [1], dtype: 'f32' });
      recording.writeVariable('kept', add(kept, x));
      return {};
    });
    const store = await backend.createStore({ kept: third });
    await (await backend.compile(program)).run(store, { x: new NdArray(new Float64Array([1e-12]), [1], 'f32') }).done;
    expect((await store.read('kept')).item()).toBe(1 / 3 + 1e-12);
  });

  it('rounds nothing between instructions', async () => {
    const result = await run(backend, (x) => sum(exp(log(add(x, 1e-9)))), ndarray([1, 2, 3]));
    expect(result.data).toBeInstanceOf(Float64Array);
    expect(result.item()).toBeCloseTo(6 + 3e-9, 13);
  });

  it('runs programs as they are given', async () => {
    const { report } = await backend.compile(trace({ x: { shape: [2], dtype: 'f32' } }, ({ x }) => add(mul(x, 2), 1)));
    expect(report.map(({ path }) => path)).toEqual(['kernel', 'kernel']);
  });
});

describe('primitives', () => {
  const cube = ndarray(
    Float32Array.from({ length: 12 }, (_, index) => index),
    { shape: [2, 3, 2] },
  );

  it('map: stretches axes of size 1 and scalars', async () => {
    expect((await run(backend, (a, b) => add(a, b), [[1], [2]], [[10, 20, 30]])).toArray()).toEqual([
      [11, 21, 31],
      [12, 22, 32],
    ]);
    expect(
      (
        await run(
          backend,
          (a, b) => mul(a, b),
          [
            [1, 2],
            [3, 4],
          ],
          ndarray(10, { shape: [] }),
        )
      ).toArray(),
    ).toEqual([
      [10, 20],
      [30, 40],
    ]);
    expect((await run(backend, (a) => where(a.cast('bool'), a, -1), [0, 2])).toArray()).toEqual([-1, 2]);
  });

  it('map: reads bytes as numbers and computes integers exactly', async () => {
    expect((await run(backend, (x) => div(x, 255), new Uint8Array([0, 51, 255]))).toArray()).toEqual([0, 0.2, 1]);
    const large = new Int32Array([2 ** 31 - 1, -(2 ** 31)]);
    expect((await run(backend, (x) => add(x, 1), large)).toArray()).toEqual([-(2 ** 31), -(2 ** 31) + 1]);
    expect((await run(backend, (x) => mul(x, 3), large)).toArray()).toEqual([2 ** 31 - 3, -(2 ** 31)]);
  });

  it('reduce: any axes, nothing, NaN, integers', async () => {
    expect((await run(backend, (x) => sum(x, [0, 2]), cube)).toArray()).toEqual([14, 22, 30]);
    expect((await run(backend, (x) => max(x, 1), cube)).toArray()).toEqual([
      [4, 5],
      [10, 11],
    ]);
    expect((await run(backend, (x) => min(x, [], { keepDims: true }), cube)).toArray()).toEqual(cube.toArray());
    expect((await run(backend, (x) => prod(x), [2, 3, 4])).item()).toBe(24);
    expect((await run(backend, (x) => max(x), [1, NaN, 3])).item()).toBeNaN();
    expect((await run(backend, (x) => min(x), [-Infinity, NaN])).item()).toBeNaN();
    expect((await run(backend, (x) => sum(x, 0), zeros([0, 2]))).toArray()).toEqual([0, 0]);
    expect((await run(backend, (x) => prod(x), zeros([0]))).item()).toBe(1);
    expect((await run(backend, (x) => mean(x), zeros([0]))).item()).toBeNaN();
    expect((await run(backend, (x) => sum(x), new Int32Array([2 ** 31 - 1, 1]))).item()).toBe(-(2 ** 31));
    expect((await run(backend, (x) => argMax(x, 0), [1, 5, 5])).item()).toBe(1);
    await expect(run(backend, (x) => max(x), zeros([0]))).rejects.toThrow(ShapeError);
  });

  it('matmul: flags, batches that stretch, inner extent 0', async () => {
    const a = ndarray([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect((await run(backend, (x, y) => matmul(x, y, { transposeB: true }), a, a)).toArray()).toEqual([
      [14, 32],
      [32, 77],
    ]);
    expect((await run(backend, (x, y) => matmul(x, y, { transposeA: true }), a, a)).toArray()).toEqual([
      [17, 22, 27],
      [22, 29, 36],
      [27, 36, 45],
    ]);
    const left = ndarray(Float32Array.from([1, 2, 3, 4]), { shape: [2, 1, 1, 2] });
    const right = ndarray(Float32Array.from([1, 1, 1, 2, 0, 1]), { shape: [3, 2, 1] });
    expect((await run(backend, (x, y) => reshape(matmul(x, y), [2, 3]), left, right)).toArray()).toEqual([
      [3, 5, 2],
      [7, 11, 4],
    ]);
    expect((await run(backend, (x, y) => matmul(x, y), zeros([2, 0]), zeros([0, 2]))).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect((await run(backend, (x, y) => matmul(x, y), zeros([0, 2]), zeros([2, 3]))).shape).toEqual([0, 3]);
  });

  it('transpose, slice, concat and pad move elements', async () => {
    expect((await run(backend, (x) => transpose(x, [2, 0, 1]), cube)).toArray()).toEqual([
      [
        [0, 2, 4],
        [6, 8, 10],
      ],
      [
        [1, 3, 5],
        [7, 9, 11],
      ],
    ]);
    expect((await run(backend, (x) => slice(x, [0, 0, 1], [2, 3, 2], [1, 2, 1]), cube)).toArray()).toEqual([
      [[1], [5]],
      [[7], [11]],
    ]);
    expect(
      (
        await run(
          backend,
          (x, y) => concat([x, y, x], 1),
          [[1], [2]],
          [
            [3, 4],
            [5, 6],
          ],
        )
      ).toArray(),
    ).toEqual([
      [1, 3, 4, 1],
      [2, 5, 6, 2],
    ]);
    expect((await run(backend, (x) => pad(x, [1], [2], { interior: [1], value: 9 }), [1, 2])).toArray()).toEqual([9, 1, 9, 2, 9, 9]);
    expect((await run(backend, (x) => pad(x, [1], [1], { interior: [3] }), zeros([0]))).toArray()).toEqual([0, 0]);
  });

  it('gather and scatterAdd, indices out of range included', async () => {
    const indices = new Int32Array([1, 1, -1, 7]);
    expect(
      (
        await run(
          backend,
          (x, i) => gather(x, i),
          [
            [1, 2],
            [3, 4],
          ],
          indices,
        )
      ).toArray(),
    ).toEqual([
      [3, 4],
      [3, 4],
      [NaN, NaN],
      [NaN, NaN],
    ]);
    expect(
      (await run(backend, (x, i) => gather(x, i, 1), ndarray(new Uint8Array([1, 2, 3, 4]), { shape: [2, 2] }), indices)).toArray(),
    ).toEqual([
      [2, 2, 0, 0],
      [4, 4, 0, 0],
    ]);
    expect((await run(backend, (x, i) => scatterAdd(x, i, 3), [1, 2, 3, 4], indices)).toArray()).toEqual([0, 3, 0]);
  });

  it('iota counts along its axis', async () => {
    expect((await run(backend, () => ({ rows: iota([2, 3], 0), columns: iota([2, 3], 1) }))).rows.toArray()).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect((await run(backend, () => iota([2, 3], -1))).toArray()).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('uniform has the bits of the stream', async () => {
    const scalarInput = { shape: [], dtype: 'i32' } as const;
    const program = trace(
      { seed: scalarInput, step: scalarInput },
      ({ seed, step }, recording) => recording.record('uniform', { shape: [5], path: 'dropout1', call: 2 }, [seed, step])[0]!,
    );
    const executable = await backend.compile(program);
    const outputs = executable.run(await backend.createStore({}), { seed: full([], -1, 'i32'), step: full([], 7, 'i32') });
    const expected = new Float32Array(5);
    fillUniform(streamKey(2 ** 32 - 1, 'dropout1', 2, 7), expected);
    expect([...(await outputs.read('output')).data]).toEqual([...expected]);
  });
});

describe('composites by their decompositions', () => {
  it('linear adds the bias to each row', async () => {
    expect(
      (
        await run(
          backend,
          (x, w, b) => linear(x, w, b),
          [[1, 2]],
          [
            [1, 0],
            [0, 1],
          ],
          [10, 20],
        )
      ).toArray(),
    ).toEqual([[11, 22]]);
  });

  it('normalize is right at mean 1e6, and gives beta for a constant feature without epsilon', async () => {
    const x = [
      [1e6 - 1, 5],
      [1e6 + 1, 5],
    ];
    const one = [[1, 1]];
    const y = await run(backend, (input, gamma, beta) => normalize(input, gamma, beta, { axes: [0], epsilon: 0 }).y, x, one, [[0, 3]]);
    expect(y.toArray()).toEqual([
      [-1, 3],
      [1, 3],
    ]);
  });

  it('softmax and cross-entropy at logits of ±1e30', async () => {
    expect(
      (
        await run(backend, (x) => softmax(x), [
          [1e30, -1e30],
          [0, 0],
        ])
      ).toArray(),
    ).toEqual([
      [1, 0],
      [0.5, 0.5],
    ]);
    const loss = await run(
      backend,
      (x, t) => softmaxCrossEntropy(x, t),
      [
        [1e30, -1e30],
        [0, 0],
        [0, -Infinity],
      ],
      new Int32Array([0, 1, 0]),
    );
    expect(loss.toArray()).toEqual([0, Math.log(2), 0]);
    expect((await run(backend, (x, t) => softmaxCrossEntropy(x, t), [[1, 2]], new Int32Array([2]))).item()).toBeNaN();
  });

  it('constants are part of the program', async () => {
    expect((await run(backend, (x) => square(add(x, constant(ndarray([1, 2])))), [1, 1])).toArray()).toEqual([4, 9]);
  });
});
