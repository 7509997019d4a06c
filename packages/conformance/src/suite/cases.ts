// The one list of cases. A tier is a part of it.
import { drawWith } from '../samples/arrays.ts';
import type { ConformanceCase, Tier } from './contract.ts';
import { determinismCases } from './determinismCases.ts';
import { errorCases } from './errorCases.ts';
import { semanticsCases, subnormalCase, valueCases } from './expressionCases.ts';
import { initializerCases } from './initializerCases.ts';
import { lifeCycleCases } from './lifeCycleCases.ts';
import { hardCases, layerCases, opCases } from './opCases.ts';
import { defaultSeed } from './seed.ts';
import { trainingCases } from './trainingCases.ts';

/**
 * The cases of a tier.
 * @param options seed: what random data are drawn with; `full` contains all of `quick`
 */
export function conformanceCases({ tier, seed = defaultSeed }: { readonly tier: Tier; readonly seed?: number }): ConformanceCase[] {
  if (latest?.seed !== seed) latest = { seed, cases: allCases(seed) };
  return latest.cases.filter((conformanceCase) => tier === 'full' || conformanceCase.tier === 'quick');
}

/** Cases keep what the reference says of them, for all backends that are tried in one process. */
let latest: { readonly seed: number; readonly cases: readonly ConformanceCase[] } | undefined;

function allCases(seed: number): ConformanceCase[] {
  const draw = drawWith(seed);
  return [
    ...opCases(draw),
    ...semanticsCases(),
    ...valueCases(),
    subnormalCase(),
    ...layerCases(draw),
    ...hardCases(),
    ...initializerCases(seed),
    ...trainingCases(draw),
    ...lifeCycleCases(draw),
    ...determinismCases(draw),
    ...errorCases(),
  ];
}
