// The outputs of one run as numbers.
import type { Executable, NdArray, Outputs } from '@nn/core';
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
export async function batchFigures(executable: Executable, outputs: Outputs, rows: number): Promise<BatchFigures> {
  const values = await readAll(executable, outputs);
  return { rows, loss: values.get('loss')!.item(), metrics: metricsOf(values) };
}

/** Reads the outputs of a training program. @throws the error of the run */
export async function stepFigures(executable: Executable, outputs: Outputs, rows: number): Promise<StepFigures> {
  const values = await readAll(executable, outputs);
  const numberOf = (name: string): number => values.get(name)!.item();
  const gradientNorm = numberOf('gradientNorm');
  return { rows, loss: numberOf('loss'), metrics: metricsOf(values), gradientNorm, finite: numberOf('finite') !== 0 };
}

async function readAll({ program }: Executable, outputs: Outputs): Promise<Map<string, NdArray>> {
  const names = Object.keys(program.outputs);
  const values = await Promise.all(names.map((name) => outputs.read(name)));
  await outputs.done;
  return new Map(names.map((name, index) => [name, values[index]!]));
}

function metricsOf(values: ReadonlyMap<string, NdArray>): Map<string, NdArray> {
  const metrics = new Map<string, NdArray>();
  for (const [name, value] of values) if (isMetricOutput(name)) metrics.set(name, value);
  return metrics;
}
