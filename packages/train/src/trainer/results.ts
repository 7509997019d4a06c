// The outputs of one run as numbers.
import type { Executable, Outputs } from '@nn/core';
import { isMetricOutput } from '../programs/objective.ts';
import type { BatchFigures } from './figureSums.ts';

/** What one training step gives. */
export interface StepFigures extends BatchFigures {
  /** Length of all gradients together, before they are transformed. */
  readonly gradientNorm: number;
  /** Whether loss and gradient norm are. */
  readonly finite: boolean;
}

/** Reads the outputs of an evaluation program. @throws the error of the run */
export async function batchFigures({ program }: Executable, outputs: Outputs, rows: number): Promise<BatchFigures> {
  const names = Object.keys(program.outputs).filter(isMetricOutput);
  const [loss, values] = await Promise.all([readNumber(outputs, 'loss'), Promise.all(names.map((name) => outputs.read(name)))]);
  await outputs.done;
  return { rows, loss, metrics: new Map(names.map((name, index) => [name, values[index]!])) };
}

/** Reads the outputs of a training program. @throws the error of the run */
export async function stepFigures(executable: Executable, outputs: Outputs, rows: number): Promise<StepFigures> {
  const [figures, gradientNorm, finite] = await Promise.all([
    batchFigures(executable, outputs, rows),
    readNumber(outputs, 'gradientNorm'),
    readNumber(outputs, 'finite'),
  ]);
  return { ...figures, gradientNorm, finite: finite !== 0 };
}

async function readNumber(outputs: Outputs, name: string): Promise<number> {
  return (await outputs.read(name)).item();
}
