// Cases that run a program on the backend and compare its results with the reference: as recorded, not optimized, and with every
// composite replaced by its definition beforehand.
import type { CompileOptions, OpName, Program } from '@nn/core';
import { lower, opNamed, printProgram } from '@nn/core';
import { share } from '../golden/compare.ts';
import type { ProgramArrays, ProgramResults } from '../golden/execute.ts';
import { executeEach } from '../golden/execute.ts';
import type { Expectation } from '../gradients/agreement.ts';
import { compareResults, resultsByName } from '../gradients/agreement.ts';
import type { CaseContext, CaseOutcome, ConformanceCase } from './contract.ts';
import { once } from './once.ts';

/** Something to run, with what has to come out. */
export interface Question {
  /** In messages, where a case asks several: `by x`. */
  readonly title?: string;
  readonly program: Program;
  readonly arrays: ProgramArrays;
  readonly expectations: ReadonlyMap<string, Expectation>;
}

interface Way {
  readonly title: string;
  readonly program: Program;
  readonly options: CompileOptions;
}

/** How a program is given to a backend. All ways must agree with the reference. */
function waysOf(program: Program): Way[] {
  const hasComposites = program.instrs.some(({ op }) => opNamed(op).kind === 'composite');
  return [
    { title: '', program, options: {} },
    { title: 'not optimized', program, options: { optimize: false } },
    ...(hasComposites ? [{ title: 'with composites decomposed', program: lower(program, () => false), options: {} }] : []),
  ];
}

/** A case that asks questions. They are made when it is run for the first time, and kept for other backends. */
export function programCase(
  about: Pick<ConformanceCase, 'id' | 'level' | 'subject' | 'tier' | 'unsupported'> & { readonly op?: OpName | undefined },
  questions: () => Promise<readonly Question[]>,
): ConformanceCase {
  const { op, ...rest } = about;
  const asked = once(questions);
  return {
    ...rest,
    ...(op === undefined ? {} : { op }),
    async run(context) {
      const outcomes: CaseOutcome[] = [];
      for (const question of await asked()) {
        for (const way of waysOf(question.program)) {
          const outcome = await answer(question, way, context);
          if (outcome.reason !== undefined) return outcome;
          outcomes.push(outcome);
        }
      }
      return worstOf(outcomes);
    },
  };
}

/** The outcome whose error is the largest part of what is allowed. */
export function worstOf(outcomes: readonly CaseOutcome[]): CaseOutcome {
  const part = ({ measured = 0, allowed = 0 }: CaseOutcome): number => (measured === 0 ? 0 : measured / allowed);
  return outcomes.reduce((worst, outcome) => (part(outcome) >= part(worst) ? outcome : worst), {});
}

/** Runs a program one way, twice, and compares everything that comes out: what a run leaves in memory must not matter to the next. */
async function answer(question: Question, way: Way, { backend, factor }: CaseContext): Promise<CaseOutcome> {
  const runs = await executeEach(backend, way.program, [question.arrays, question.arrays], way.options);
  const [first, second] = runs.map((results, run) =>
    judgeRun(question, run === 0 ? way : { ...way, title: `${way.title} again` }, results, factor),
  );
  return first!.reason === undefined ? second! : first!;
}

function judgeRun(question: Question, way: Way, results: ProgramResults, factor: number): CaseOutcome {
  const agreements = compareResults(results, question.expectations, factor);
  const failed = agreements.find(({ ok }) => !ok);
  if (failed !== undefined) {
    const { where, reason, worst } = failed;
    return {
      reason: [question.title, way.title, where].filter((part) => part !== undefined && part !== '').join(', ') + `: ${reason}`,
      ...(worst === undefined ? {} : { measured: worst.error, allowed: worst.allowed }),
      evidence: {
        program: printProgram(way.program),
        expected: String(question.expectations.get(where)!.value),
        actual: String(resultsByName(results).get(where)),
      },
    };
  }
  const worst = agreements
    .flatMap(({ worst: element }) => (element === undefined ? [] : [element]))
    .toSorted((a, b) => share(b) - share(a))[0];
  return worst === undefined ? { measured: 0, allowed: 0 } : { measured: worst.error, allowed: worst.allowed };
}
