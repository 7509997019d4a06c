// Looks for a case that a mutant fails.
import type { CaseReport, ConformanceCase } from '../suite/contract.ts';
import { runCase } from '../suite/runSuite.ts';
import type { Mutant } from './mutant.ts';

/**
 * The first case that a mutant fails, those about what was changed before all others.
 * @param cases ones that the right backend passes
 */
export async function catchMutant(mutant: Mutant, cases: readonly ConformanceCase[]): Promise<CaseReport | undefined> {
  const { backend, ...options } = mutant.create();
  const isNear = ({ id }: ConformanceCase): boolean => id.includes(mutant.subject);
  try {
    for (const conformanceCase of [...cases.filter(isNear), ...cases.filter((other) => !isNear(other))]) {
      const report = await runCase(conformanceCase, backend, options);
      if (report.status === 'fail') return report;
    }
    return undefined;
  } finally {
    await backend.dispose();
  }
}
