// How each instruction of a program was compiled, told from the passes' record of origins.
import type { Instr, Program } from '../program/program.ts';
import type { ReportRow } from './contract.ts';
import { isView } from './plan.ts';

/**
 * One row per instruction of `given`.
 * @param compiled the program that is run; its instructions know their origins in `given`
 * @param fallbackReason why an instruction of `compiled` runs on another backend, or undefined
 */
export function reportOf(given: Program, compiled: Program, fallbackReason: (instr: Instr) => string | undefined): ReportRow[] {
  const workers: Instr[][] = given.instrs.map(() => []);
  for (const instr of compiled.instrs) for (const origin of instr.origins ?? []) workers[origin]?.push(instr);
  return given.instrs.map((instr, index) => ({ instr: index, ...rowOf(instr, workers[index]!, fallbackReason) }));
}

function rowOf(instr: Instr, workers: readonly Instr[], fallbackReason: (instr: Instr) => string | undefined): Omit<ReportRow, 'instr'> {
  const computing = workers.filter(({ op }) => !isView(op));
  if (computing.length === 0) {
    return {
      path: 'eliminated',
      reason: workers.length > 0 ? 'the same buffer under another shape' : 'nothing reads it, or it was computed already',
    };
  }
  const reason = computing.map(fallbackReason).find((text) => text !== undefined);
  if (reason !== undefined) return { path: 'fallback', reason };
  const decomposed = computing.every(({ op }) => op !== instr.op) && computing.length > 0;
  const shared = computing.some(({ origins }) => (origins?.length ?? 0) > 1);
  if (decomposed) return { path: shared ? 'fused' : 'kernel', reason: 'decomposed' };
  return shared ? { path: 'fused' } : { path: 'kernel' };
}
