// `normalize` and its gradient. Statistics of columns (batch normalization) and of rows (layer normalization) have kernels of their
// own; one more kernel does everything else.
import { mergeAxes, sizeOf, stretchedStrides, stridesOf } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import type { WasmCommand, WasmKernel, WasmStep } from '../command.ts';
import { floatWord } from '../command.ts';
import { nestWords } from './nest.ts';
import { normalizeRowBlocks, normalizeRowSumBytes } from './normalizeLayout.ts';

export const normalizeKernel: WasmKernel<'normalize'> = ({ attrs: { axes, epsilon }, inputs }) => {
  const [x, gamma, beta] = inputs as [TensorSpec, TensorSpec, TensorSpec];
  const size = sizeOf(x.shape);
  const statistics = statisticsShape(x.shape, axes);
  const count = sizeOf(statistics);
  if (count === 0) return { commands: [] };
  const matrix = matrixOf(x.shape, statistics, [gamma.shape, beta.shape]);
  if (matrix !== undefined) {
    const { kind, rows, columns, steps } = matrix;
    return {
      commands: [
        {
          kernel: kind === 'columns' ? 'normalizeColumns' : 'normalizeRows',
          words: (pointers) => [...pointers.inputs, ...pointers.outputs, rows, columns, ...steps, floatWord(epsilon)],
          work: 0.25 * size,
        },
      ],
    };
  }
  const nest = nestOf(x.shape, [statistics, gamma.shape, beta.shape]);
  return {
    workspace: 16 * count,
    commands: [
      {
        kernel: 'normalizeAny',
        words: ({ inputs: read, outputs: written, workspace }) => [
          ...read,
          ...written,
          count,
          perStatistic(x.shape, axes),
          workspace,
          floatWord(epsilon),
          ...nest,
        ],
        work: 0,
      },
    ],
  };
};

export const normalizeGradientKernel: WasmKernel<'normalizeGradient'> = ({ attrs: { axes }, inputs, outputs }) => {
  const [x, gamma] = inputs as [TensorSpec, TensorSpec];
  const statistics = statisticsShape(x.shape, axes);
  const count = sizeOf(statistics);
  const gammas = sizeOf(gamma.shape);
  if (count === 0 && gammas === 0) return { commands: [] };
  const matrix = matrixOf(x.shape, statistics, [gamma.shape]);
  // Where one gamma serves all columns, its gradient is a sum over all of them.
  if (matrix !== undefined && (!outputs[1] || matrix.steps[0] === 1)) {
    const { kind, rows, columns, steps } = matrix;
    return kind === 'columns' ? columnsGradient(axes, rows, columns, steps) : rowsGradient(x.shape, axes, rows, columns, steps, outputs);
  }
  const nest = nestOf(x.shape, [statistics, gamma.shape]);
  return {
    workspace: 16 * count + 8 * gammas,
    commands: [
      {
        kernel: 'normalizeAnyGradient',
        words: ({ inputs: read, outputs: written, workspace }) => [
          ...read,
          ...written,
          count,
          perStatistic(x.shape, axes),
          gammas,
          workspace,
          ...nest,
        ],
        work: 0,
      },
    ],
  };
};

/** Σ dy over the rows is found on the way; what belongs to a column is written when all that the column needs has been read. */
function columnsGradient(axes: readonly number[], rows: number, columns: number, steps: readonly number[]): WasmStep {
  const command: WasmCommand = {
    kernel: 'normalizeColumnsGradient',
    words: ({ inputs, outputs: [dx, dGamma, dySum = 0] }) => [...inputs, dx!, dGamma!, dySum, rows, columns, ...steps],
    work: 0.35 * rows * columns,
  };
  const overwrites = rows === 1 ? [] : [1, 2, 3, 4];
  return { commands: [command], byproduct: { input: dyInput, axes, overwrites, commands: [command] } };
}

/** Sums over the rows, of dGamma and of dy, are finished by a second command, before which everything else has been read. */
function rowsGradient(
  shape: Shape,
  axes: readonly number[],
  rows: number,
  columns: number,
  steps: readonly number[],
  [dx, dGamma]: readonly (TensorSpec | null)[],
): WasmStep {
  const commands = (needsSums: boolean): WasmCommand[] => {
    const gradient: WasmCommand = {
      kernel: 'normalizeRowsGradient',
      words: ({ inputs, outputs: [to], workspace }) => [...inputs, to!, needsSums ? workspace : 0, rows, columns, ...steps],
      work: 0.35 * rows * columns,
    };
    const sums: WasmCommand = {
      kernel: 'normalizeRowSums',
      words: ({ outputs: [, toGamma, dySum = 0], workspace }) => [workspace, dySum, toGamma!, columns],
      work: normalizeRowBlocks * columns,
    };
    return [...(dx || needsSums ? [gradient] : []), ...(needsSums ? [sums] : [])];
  };
  const rowAxes = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return {
    workspace: normalizeRowBlocks * normalizeRowSumBytes * (4 * Math.ceil(columns / 4)),
    commands: commands(dGamma !== null),
    byproduct: { input: dyInput, axes: rowAxes, overwrites: [0, 1, 2, 3, 4, 5], commands: commands(true) },
  };
}

/** Which input of the gradient is dy. */
const dyInput = 5;

/** x as a matrix of which each row or each column has its statistics. */
interface Matrix {
  readonly kind: 'rows' | 'columns';
  readonly rows: number;
  readonly columns: number;
  /** Per further operand, 1 where it has one element for each column, and 0 where it has one for all. */
  readonly steps: readonly number[];
}

function matrixOf(shape: Shape, statistics: Shape, others: readonly Shape[]): Matrix | undefined {
  const operands = [statistics, ...others].map((operand) => stretchedStrides(operand, shape));
  const merged = mergeAxes({ shape, strides: [stridesOf(shape), ...operands] });
  if (merged.shape.length !== 2 || sizeOf(shape) === 0) return undefined;
  const [rows, columns] = merged.shape as [number, number];
  const [, [statisticsRow, statisticsColumn], ...strides] = merged.strides as [number[], number[], ...number[][]];
  const belongToColumns = strides.every(([row, column]) => row === 0 && (column === 0 || column === 1));
  if (!belongToColumns || statisticsRow === statisticsColumn || statisticsRow! + statisticsColumn! !== 1) return undefined;
  return { kind: statisticsColumn === 1 ? 'columns' : 'rows', rows, columns, steps: strides.map(([, column]) => column!) };
}

function nestOf(shape: Shape, others: readonly Shape[]): number[] {
  return nestWords({ shape, strides: [stridesOf(shape), ...others.map((operand) => stretchedStrides(operand, shape))] });
}

function statisticsShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

function perStatistic(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis]!));
}
