// What happens when a loss or gradient norm is not finite: the step was skipped, or everything goes back and the place is looked for.
import { NumericError } from '@nn/core';
import { Dataset } from '@nn/data';
import type { WarningEvent } from '../events.ts';
import type { GivenBatch } from './batch.ts';
import type { Culprit } from './diagnosis.ts';
import type { Emit } from './emit.ts';
import type { Engine, Snapshot } from './engine.ts';
import type { PassSource } from './residentDataset.ts';
import { ResidentDataset } from './residentDataset.ts';
import type { StepFigures } from './results.ts';
import type { TrainingSource } from './sources.ts';
import { batchOptions } from './sources.ts';

export interface NonFiniteStep {
  /** The state to go back to. */
  readonly before: Snapshot;
  readonly training: TrainingSource<PassSource>;
  readonly step: number;
  readonly batch: GivenBatch;
  readonly figures: StepFigures;
  readonly signal: AbortSignal | undefined;
}

/** The program has kept every variable as it was. */
export function skippedStep(step: number, figures: StepFigures): WarningEvent {
  return {
    type: 'warning',
    code: 'train.step-skipped',
    message: `Step ${step} was left out: ${whatIsNotFinite(figures)}. All variables are as before.`,
  };
}

/** Goes back to the snapshot, looks for the first value that is not finite, and returns the error that says all of this. */
export async function nonFiniteError(engine: Engine, emit: Emit, failed: NonFiniteStep): Promise<NumericError> {
  const { before, step, figures } = failed;
  await engine.restore(before);
  const culprit = await locate(engine, emit, failed);
  await engine.restore(before);
  return new NumericError(
    `Step ${step} (epoch ${before.state.epoch + 1}): ${whatIsNotFinite(figures)}. ` +
      (culprit === undefined ? '' : `It began with ${culprit.value} in ${culprit.where}. `) +
      `The trainer is back at the state after step ${before.state.step}. A smaller learning rate, clipByNorm(1) or smaller inputs usually help; ` +
      "onNonFinite: 'skip' leaves such steps out.",
  );
}

/** Repeats the steps up to the failed one, which is exact, and takes that apart. A stream cannot be repeated. */
async function locate(engine: Engine, emit: Emit, { before, training, step, batch, signal }: NonFiniteStep): Promise<Culprit | undefined> {
  const { source } = training;
  const missing = step - 1 - before.state.step;
  if (missing > 0) {
    if (!(source instanceof Dataset || source instanceof ResidentDataset)) return undefined;
    const message = `Step ${step} is not finite. The ${missing} steps before it are repeated to find the layer where that began.`;
    await emit({ type: 'warning', code: 'train.replaying', message });
    for (const earlier of source.batches(batchOptions(training, engine, before.state.progress?.batches ?? 0))) {
      if (engine.state.step + 1 >= step) break;
      if (signal?.aborted === true) return undefined;
      await engine.turn.yieldIfDue();
      const { figures } = await engine.train(earlier, before.state.progress);
      await figures;
    }
  }
  return engine.diagnose(batch);
}

function whatIsNotFinite({ loss, gradientNorm }: StepFigures): string {
  return Number.isFinite(loss) ? `the gradient norm is ${gradientNorm}` : `the loss is ${loss}`;
}
