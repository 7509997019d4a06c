// `normalize` and its gradient. Statistics of columns (batch, instance and group normalization) and of rows (layer normalization) have
// kernels of their own; one more pair of kernels does everything else.
import { sizeOf, stretchedStrides, stridesOf } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import type { WasmCommand, WasmKernel, WasmStep } from '../command.ts';
import { floatWord } from '../command.ts';
import { nestWords } from './nest.ts';
import { normalizeRowBlocks, normalizeRowSumBytes } from './normalizeLayout.ts';
import { columnWorkspace, partsOf, sumPitch } from './normalizeParts.ts';
import type { ColumnParts, RowParts } from './normalizeParts.ts';

export const normalizeKernel: WasmKernel<'normalize'> = ({ attrs: { axes, epsilon }, inputs }) => {
  const [x, gamma, beta] = inputs as [TensorSpec, TensorSpec, TensorSpec];
  const count = sizeOf(statisticsShape(x.shape, axes));
  if (count === 0) return { commands: [] };
  const parts = partsOf(x.shape, axes, [gamma.shape, beta.shape]);
  const work = 0.25 * sizeOf(x.shape);
  if (parts?.kind === 'rows') {
    const { rows, columns, period, steps } = parts;
    const words: WasmCommand['words'] = ({ inputs: read, outputs }) => [
      ...[...read, ...outputs, rows, columns, period, ...steps],
      floatWord(epsilon),
    ];
    return { commands: [{ kernel: 'normalizeRows', words, work }] };
  }
  if (parts?.kind === 'columns') {
    const words: WasmCommand['words'] = ({ inputs: read, outputs, workspace }) => [
      ...[...read, ...outputs, workspace, ...columnWords(parts), ...parts.steps],
      floatWord(epsilon),
    ];
    const commands: WasmCommand[] =
      parts.blocks === 1
        ? [{ kernel: 'normalizeColumns', words, work }]
        : [
            { kernel: 'normalizeColumnMoments', words, work: work / 2 },
            { kernel: 'normalizeColumnStatistics', words, work: workBetween(parts) },
            { kernel: 'normalizeColumnBlocks', words, work: work / 2 },
          ];
    return { workspace: columnWorkspace(parts), commands };
  }
  const words: WasmCommand['words'] = ({ inputs: read, outputs }) => [
    ...[...read, ...outputs, count, perStatistic(x.shape, axes), floatWord(epsilon)],
    ...nestsOf(x.shape, axes, [x.shape, gamma.shape, beta.shape]),
  ];
  return { commands: [{ kernel: 'normalizeAny', words, work: 4 * work }] };
};

export const normalizeGradientKernel: WasmKernel<'normalizeGradient'> = ({ attrs: { axes }, inputs, outputs }) => {
  const [x, gamma] = inputs as [TensorSpec, TensorSpec];
  const parts = partsOf(x.shape, axes, [gamma.shape]);
  // Where one gamma serves all columns, its gradient is a sum over all of them.
  if (parts !== undefined && (!outputs[1] || parts.steps[0] === 1)) {
    return parts.kind === 'columns' ? columnsGradient(parts) : rowsGradient(parts, outputs);
  }
  const statistics = statisticsShape(x.shape, axes);
  const count = sizeOf(statistics);
  const work = 2 * sizeOf(x.shape);
  const gammas = sizeOf(gamma.shape);
  const stretched = x.shape.flatMap((_, axis) => (gamma.shape[axis] === 1 ? [axis] : []));
  const ofX: WasmCommand = {
    kernel: 'normalizeAnyGradient',
    words: ({ inputs: read, outputs: [dx] }) => [
      ...[...read, dx!, count, perStatistic(x.shape, axes)],
      ...nestsOf(x.shape, axes, [x.shape, gamma.shape]),
    ],
    work,
  };
  const ofGamma: WasmCommand = {
    kernel: 'normalizeGammaGradient',
    words: ({ inputs: [from, , ...read], outputs: [, dGamma] }) => [
      ...[from!, ...read, dGamma!, gammas],
      ...nestsOf(x.shape, stretched, [x.shape, statistics]),
    ],
    work,
  };
  return { commands: [...(outputs[0] && count > 0 ? [ofX] : []), ...(outputs[1] && gammas > 0 ? [ofGamma] : [])] };
};

/** Σ dy is found on the way; what belongs to a column is written when all that the column needs has been read. */
function columnsGradient(parts: ColumnParts): WasmStep {
  const { samples, rows, columns, width, blocks, sumAxes } = parts;
  const work = 0.35 * samples * rows * columns;
  const words: WasmCommand['words'] = ({ inputs, outputs: [dx, dGamma, dySum = 0], workspace }) => [
    ...[...inputs, dx!, dGamma!, dySum, workspace, ...columnWords(parts), ...parts.steps],
  ];
  const commands: WasmCommand[] =
    blocks === 1
      ? [{ kernel: 'normalizeColumnsGradient', words, work }]
      : [
          { kernel: 'normalizeColumnProducts', words, work: work / 2 },
          { kernel: 'normalizeColumnSlopes', words, work: workBetween(parts) },
          { kernel: 'normalizeColumnGradientBlocks', words, work: work / 2 },
        ];
  if (samples > 1 || width > 1) {
    commands.push({
      kernel: 'normalizeSums',
      words: ({ outputs: [, dGamma, dySum = 0], workspace }) => [
        ...[workspace, dySum, dGamma!, columns, samples, 2 * blocks * sumPitch(columns)],
        sumPitch(columns),
      ],
      work: 2 * samples * columns,
    });
  }
  return {
    workspace: columnWorkspace(parts),
    commands,
    byproduct: { input: dyInput, axes: sumAxes, overwrites: [1, 2, 3, 4], commands },
  };
}

/** Sums over the rows, of dGamma and of dy, are finished by a second command, before which everything else has been read. */
function rowsGradient({ rows, columns, period, steps, sumAxes }: RowParts, [dx, dGamma]: readonly (TensorSpec | null)[]): WasmStep {
  const gammas = period * columns;
  const padded = 4 * Math.ceil(gammas / 4);
  const commands = (needsSums: boolean): WasmCommand[] => {
    const gradient: WasmCommand = {
      kernel: 'normalizeRowsGradient',
      words: ({ inputs, outputs: [to], workspace }) => [...inputs, to!, needsSums ? workspace : 0, rows, columns, period, ...steps],
      work: 0.35 * rows * columns,
    };
    const sums: WasmCommand = {
      kernel: 'normalizeSums',
      words: ({ outputs: [, toGamma, dySum = 0], workspace }) => [
        ...[workspace, dySum, toGamma!, gammas, normalizeRowBlocks, padded * normalizeRowSumBytes],
        8 * padded,
      ],
      work: normalizeRowBlocks * gammas,
    };
    return [...(dx || needsSums ? [gradient] : []), ...(needsSums ? [sums] : [])];
  };
  return {
    workspace: normalizeRowBlocks * normalizeRowSumBytes * padded,
    commands: commands(dGamma !== null),
    byproduct: { input: dyInput, axes: sumAxes, overwrites: [0, 1, 2, 3, 4, 5], commands: commands(true) },
  };
}

/** Which input of the gradient is dy. */
const dyInput = 5;

/** As assembly/normalization/columnParts.ts reads them. */
function columnWords({ samples, rows, columns, width, blockRows }: ColumnParts): number[] {
  return [samples, rows, columns, width, blockRows];
}

/** Nanoseconds for what lies between the two passes over blocks. */
function workBetween({ samples, columns, blocks }: ColumnParts): number {
  return samples * columns * (blocks + 20);
}

/** Two nests of operands that are stretched to `shape`: over the axes that are not in `walked`, and over those that are. */
function nestsOf(shape: Shape, walked: readonly number[], operands: readonly Shape[]): number[] {
  const strides = operands.map((operand) => (operand === shape ? stridesOf(shape) : stretchedStrides(operand, shape)));
  return [false, true].flatMap((isWalked) => {
    const axes = shape.map((_, axis) => axis).filter((axis) => walked.includes(axis) === isWalked);
    const ofAxes = (values: readonly number[]): number[] => axes.map((axis) => values[axis]!);
    return nestWords({ shape: ofAxes(shape), strides: strides.map(ofAxes) });
  });
}

function statisticsShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

function perStatistic(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis]!));
}
