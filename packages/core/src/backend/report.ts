// How each instruction of a program was compiled, told from the passes' record of origins.
import { isView } from '../passes/views.ts';
import type { Instr, Program } from '../program/program.ts';
import type { ReportRow } from './contract.ts';

/** What a backend knows about instructions of the program that is run. */
export interface InstrKnowledge {
  /** Why it runs on another backend, or undefined. */
  fallbackReason(instr: Instr): string | undefined;
  /** How it is run, or undefined where there is nothing to say. */
  description(instr: Instr): string | undefined;
}

/**
 * One row per instruction of `given`.
 * @param compiled the program that is run; its instructions know their origins in `given`
 */
export function reportOf(given: Program, compiled: Program, knowledge: InstrKnowledge): ReportRow[] {
  const workers: Instr[][] = given.instrs.map(() => []);
  for (const instr of compiled.instrs) for (const origin of instr.origins ?? []) workers[origin]?.push(instr);
  return given.instrs.map((instr, index) => ({ instr: index, ...rowOf(instr, workers[index]!, knowledge) }));
}

function rowOf(instr: Instr, workers: readonly Instr[], { fallbackReason, description }: InstrKnowledge): Omit<ReportRow, 'instr'> {
  const computing = workers.filter(({ op }) => !isView(op));
  if (computing.length === 0) {
    return {
      path: 'eliminated',
      reason: workers.length > 0 ? 'the same buffer under another shape' : 'nothing reads it, or it was computed already',
    };
  }
  const fallback = computing.map(fallbackReason).find((text) => text !== undefined);
  if (fallback !== undefined) return { path: 'fallback', reason: fallback };
  const shared = computing.some(({ origins }) => (origins?.length ?? 0) > 1);
  const decomposed = computing.every(({ op }) => op !== instr.op);
  const reasons = new Set([decomposed ? 'decomposed' : undefined, ...computing.map(description)]);
  const reason = [...reasons].filter((text) => text !== undefined).join('; ');
  return { path: shared ? 'fused' : 'kernel', ...(reason === '' ? {} : { reason }) };
}
