// `normalize` and its gradient. Statistics of columns (batch normalization) and of rows (layer normalization) have kernels of their
// own; one more kernel does everything else.
import { mergeAxes, sizeOf, stretchedStrides, stridesOf } from '@nn/core';
import type { Shape, TensorSpec } from '@nn/core';
import type { WasmCommand, WasmKernel } from '../command.ts';
import { floatWord } from '../command.ts';
import { nestWords } from './nest.ts';

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
          work: size,
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
  const size = sizeOf(x.shape);
  const statistics = statisticsShape(x.shape, axes);
  const count = sizeOf(statistics);
  const gammas = sizeOf(gamma.shape);
  if (count === 0 && gammas === 0) return { commands: [] };
  const matrix = matrixOf(x.shape, statistics, [gamma.shape]);
  // Where one gamma serves all columns, its gradient is a sum over all of them.
  if (matrix !== undefined && (!outputs[1] || matrix.steps[0] === 1)) {
    const { kind, rows, columns, steps } = matrix;
    if (kind === 'columns') {
      return {
        commands: [
          { kernel: 'normalizeColumnsGradient', words: (at) => [...at.inputs, ...at.outputs, rows, columns, ...steps], work: size },
        ],
      };
    }
    const toX: WasmCommand = {
      kernel: 'normalizeRowsGradient',
      words: (at) => [...at.inputs, at.outputs[0]!, rows, columns, ...steps],
      work: size,
    };
    const toGamma: WasmCommand = {
      kernel: 'gammaGradient',
      words: ({ inputs: [from, , ...rest], outputs: to }) => [from!, ...rest, to[1]!, rows, columns],
      work: size,
    };
    return { commands: [...(outputs[0] ? [toX] : []), ...(outputs[1] ? [toGamma] : [])] };
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
