// `optimize`: the passes that make a lowered program smaller without changing what it computes.
import type { Program } from '../program/program.ts';
import { commonSubexpressions, eliminateDead } from './eliminate.ts';
import type { FuseOptions } from './fuseMaps.ts';
import { fuseMaps } from './fuseMaps.ts';

/** Merges equal work, fuses chains of maps and drops what no result needs. */
export function optimize(program: Program, options?: FuseOptions): Program {
  return eliminateDead(fuseMaps(eliminateDead(commonSubexpressions(program)), options));
}
