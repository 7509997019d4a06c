// The same bits on any number of threads, for every kernel on arrays that are large enough to be shared.
import { identicalArrays, ndarray, scalar, sequenceBackend } from '@nn/core';
import type { Backend, NdArray } from '@nn/core';
import { expect, it } from 'vitest';
import { arrayOf, call, indicesOf } from '../../testing/compare.ts';
import { startDevice } from '../../testing/wasmHost.ts';
import { wasmKernels } from './table.ts';

const capabilities = { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: true } as const;

async function backendOf(threads: number): Promise<Backend> {
  const { device } = await startDevice(threads);
  return sequenceBackend('cpu', { ...capabilities, threads }, device, wasmKernels({ relaxed: false, wideTiles: false }));
}

const backends = await Promise.all([1, 2, 3, 4].map(backendOf));

const rows = arrayOf([301, 157], 'f32', 1);
const image = arrayOf([5, 23, 21, 19], 'f32', 2);
const others = [arrayOf([1, 157], 'f32', 3), arrayOf([1, 157], 'f32', 4)];
const perChannel = [arrayOf([1, 1, 1, 19], 'f32', 3), arrayOf([1, 1, 1, 19], 'f32', 4)];
/** As batch and group normalization see images, and group normalization with the channels first. */
const tall = arrayOf([4001, 37], 'f32', 10);
const grouped = arrayOf([3, 900, 8, 5], 'f32', 11);
const groupedRows = arrayOf([3, 8, 5, 90], 'f32', 12);
const perTallColumn = [arrayOf([1, 37], 'f32', 3), arrayOf([1, 37], 'f32', 4), arrayOf([1, 37], 'f32', 5), arrayOf([1, 37], 'f32', 6)];
const perGroupedChannel = [arrayOf([1, 1, 8, 5], 'f32', 3), arrayOf([1, 1, 8, 5], 'f32', 4)];
const perGroup = [5, 6, 7].map((seed) => arrayOf([3, 1, 8, 1], 'f32', seed));
const perGroupedRow = [arrayOf([1, 8, 5, 1], 'f32', 3), arrayOf([1, 8, 5, 1], 'f32', 4)];
const perRowGroup = [5, 6, 7].map((seed) => arrayOf([3, 8, 1, 1], 'f32', seed));
const ofRows = [arrayOf([301, 1], 'f32', 5), arrayOf([301, 1], 'f32', 6), arrayOf([301, 1], 'f32', 7)];
const ofColumns = [arrayOf([1, 157], 'f32', 5), arrayOf([1, 157], 'f32', 6), arrayOf([1, 157], 'f32', 7)];
const windows = {
  window: [3, 3],
  strides: [2, 2],
  padding: [
    [1, 1],
    [1, 0],
  ],
  dilations: [1, 1],
  overhang: [0, 1],
};
const smoothing = { labelSmoothing: 0.1 };
const pooled = arrayOf([5, 12, 11, 19], 'f32', 9);

const cases: readonly (readonly [op: string, attrs: object, inputs: readonly NdArray[]])[] = [
  ['map', { expression: scalar.tanh(scalar.add(scalar.input(0, 'f32'), scalar.input(1, 'f32'))) }, [rows, others[0]!]],
  ...(['sum', 'max', 'prod'] as const).flatMap((kind) => [[0], [1], [0, 1]].map((axes) => ['reduce', { kind, axes }, [rows]] as const)),
  ['reduce', { kind: 'sum', axes: [0, 2] }, [image]],
  ['reduce', { kind: 'sum', axes: [1, 3] }, [image]],
  ['reduce', { kind: 'min', axes: [1] }, [arrayOf([301, 157], 'i32', 1)]],
  ['transpose', { order: [1, 0] }, [rows]],
  ['transpose', { order: [3, 1, 0, 2] }, [image]],
  ['slice', { begin: [1, 2, 0, 3], end: [5, 20, 21, 18], step: [1, 2, 1, 3] }, [image]],
  ['concat', { axis: 2 }, [image, image]],
  ['pad', { low: [1, 0, 2, 1], high: [0, 1, 1, 2], interior: [0, 1, 0, 2], value: 3 }, [image]],
  ['gather', { axis: 1 }, [image, indicesOf(30, 23, 1)]],
  ['scatterAdd', { axis: 0, extent: 40 }, [rows, indicesOf(301, 40, 1)]],
  ['iota', { shape: [50, 60, 7], axis: 1 }, []],
  ['uniform', { shape: [20011], path: 'dropout', call: 3 }, [ndarray(5, { dtype: 'i32' }), ndarray(9, { dtype: 'i32' })]],
  ['softmax', { axis: 1 }, [rows]],
  ['logSoftmax', { axis: 0 }, [rows]],
  ['softmaxCrossEntropy', smoothing, [rows, indicesOf(301, 157, 1)]],
  ['softmaxCrossEntropyGradient', smoothing, [rows, indicesOf(301, 157, 1), arrayOf([301], 'f32', 8)]],
  ['normalize', { axes: [0], epsilon: 1e-5 }, [rows, ...others]],
  ['normalize', { axes: [1], epsilon: 1e-5 }, [rows, ...others]],
  ['normalize', { axes: [0, 1, 2], epsilon: 1e-5 }, [image, ...perChannel]],
  ['normalize', { axes: [1, 2], epsilon: 1e-5 }, [image, ...perChannel]],
  ['normalizeGradient', { axes: [0] }, [rows, others[0]!, ...ofColumns, arrayOf([301, 157], 'f32', 8)]],
  ['normalizeGradient', { axes: [1] }, [rows, others[0]!, ...ofRows, arrayOf([301, 157], 'f32', 8)]],
  ['normalize', { axes: [0], epsilon: 1e-5 }, [tall, ...perTallColumn.slice(0, 2)]],
  ['normalizeGradient', { axes: [0] }, [tall, ...perTallColumn, arrayOf(tall.shape, 'f32', 8)]],
  ['normalize', { axes: [1, 3], epsilon: 1e-5 }, [grouped, ...perGroupedChannel]],
  ['normalizeGradient', { axes: [1, 3] }, [grouped, perGroupedChannel[0]!, ...perGroup, arrayOf(grouped.shape, 'f32', 8)]],
  ['normalize', { axes: [2, 3], epsilon: 1e-5 }, [groupedRows, ...perGroupedRow]],
  ['normalizeGradient', { axes: [2, 3] }, [groupedRows, perGroupedRow[0]!, ...perRowGroup, arrayOf(groupedRows.shape, 'f32', 8)]],
  ['maxPool2d', windows, [image]],
  ['maxPool2dGradient', windows, [image, pooled, pooled]],
  ['avgPool2d', { ...windows, countPadding: false }, [image]],
];

it.each(cases)('%s %o', async (op, attrs, inputs) => {
  const [expected, ...results] = await Promise.all(backends.map((backend) => call(backend, op, attrs, inputs)));
  for (const result of results) expect(result.map((array, index) => identicalArrays(array, expected![index]!))).not.toContain(false);
});
