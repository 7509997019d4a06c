// From the runs of a comparison to what they say: a row for each variant.
import type { RunRecord } from './records.ts';
import type { Estimate } from './statistics.ts';
import { estimate } from './statistics.ts';
import type { Plan, Variant } from './variants.ts';

/** What a network costs, known from its shapes. */
export interface NetworkCost {
  /** Numbers trained, and remembered. */
  readonly trainable: number;
  readonly buffers: number;
  /** Floating-point operations of inference on one image. */
  readonly operations: number;
  /** Bytes that training on a batch keeps for the backward pass, and what lecture 001's formula says. */
  readonly retained: number;
  readonly predicted: number;
}

/** A variant with its runs, in the order of the seeds. */
export interface VariantRuns {
  readonly variant: Variant;
  readonly network: NetworkCost;
  readonly runs: readonly RunRecord[];
}

/** What the runs of a variant came to. */
export interface ResultRow {
  readonly variant: Variant;
  readonly network: NetworkCost;
  /** Of the runs that did not diverge. */
  readonly testAccuracy: Estimate;
  readonly testLoss: Estimate;
  readonly seconds: Estimate;
  /** Test accuracy less that of the first variant with the same seed; undefined for the first variant. */
  readonly difference: Estimate | undefined;
  readonly diverged: number;
}

/** Everything that is shown of a comparison. */
export interface Comparison {
  readonly plan: Plan;
  readonly variants: readonly VariantRuns[];
  readonly rows: readonly ResultRow[];
}

export function compareRuns(plan: Plan, variants: readonly VariantRuns[]): Comparison {
  const [baseline] = variants;
  const rows = variants.map((own): ResultRow => {
    const figure = (name: 'testAccuracy' | 'testLoss' | 'seconds'): Estimate =>
      estimate(own.runs.flatMap(({ result }) => (result === undefined ? [] : [result[name]])));
    return {
      variant: own.variant,
      network: own.network,
      testAccuracy: figure('testAccuracy'),
      testLoss: figure('testLoss'),
      seconds: figure('seconds'),
      difference: own === baseline || baseline === undefined ? undefined : estimate(pairedDifferences(baseline, own)),
      diverged: own.runs.filter(({ diverged }) => diverged !== undefined).length,
    };
  });
  return { plan, variants, rows };
}

/** Test accuracies less those of the baseline with the same seed: starting values and batches have the same part in both. */
function pairedDifferences(baseline: VariantRuns, { runs }: VariantRuns): number[] {
  return runs.flatMap(({ seed, result }) => {
    const other = baseline.runs.find((run) => run.seed === seed)?.result;
    return result === undefined || other === undefined ? [] : [result.testAccuracy - other.testAccuracy];
  });
}
