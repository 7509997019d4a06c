// Golden values as cases of the suite.
import type { GoldenCase, GoldenFile, GoldenTensors } from '../golden/format.ts';
import { runCase } from '../golden/run.ts';
import { needsStrictFloat } from './capabilities.ts';
import type { ConformanceCase, Level } from './contract.ts';

/** A case per golden case: `golden/batchnorm/…`. One for which the toolkit lacks something is unsupported. */
export function goldenCases(files: readonly GoldenFile[]): ConformanceCase[] {
  return files.flatMap(({ family, cases }) =>
    cases.map((golden) => ({
      id: `golden/${golden.id}`,
      level: levelOf(golden),
      subject: `golden ${family}`,
      tier: 'quick',
      ...(hasNonFinite(golden.inputs) ? { unsupported: needsStrictFloat } : {}),
      async run({ backend, factor }) {
        const { status, reason, worst } = await runCase(golden, backend, { factor });
        const figures = worst === undefined ? {} : { measured: worst.error, allowed: worst.allowed };
        switch (status) {
          case 'pass':
            return figures;
          case 'waiting':
            return { reason: `waits for ${reason}`, waits: true };
          case 'fail':
            return { ...figures, reason: reason ?? 'it fails', ...(worst === undefined ? {} : { evidence: evidenceOf(worst) }) };
        }
      },
    })),
  );
}

function hasNonFinite(tensors: GoldenTensors): boolean {
  return Object.values(tensors).some(({ data }) => data.some((value) => typeof value === 'string'));
}

function levelOf({ grads, steps, stateAfter, paramsAfter }: GoldenCase): Level {
  if (steps !== undefined || stateAfter !== undefined || paramsAfter !== undefined) return 'training';
  return grads === undefined ? 'forward' : 'gradients';
}

function evidenceOf({ where, index, expected, actual }: { where: string; index: number; expected: number; actual: number }) {
  return { expected: `${where}, element ${index}: ${expected}`, actual: String(actual) };
}
