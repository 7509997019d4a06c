// Cases that run a program on the backend and compare its results with the reference: as recorded, not optimized, and with every
// composite replaced by its definition beforehand.
import type { Backend, CompileOptions, OpName, Program } from '@nn/core';
import { hashProgram, lower, optimize, printProgram } from '@nn/core';
import type { Judging } from '../golden/compare.ts';
import { share } from '../golden/compare.ts';
import type { ProgramArrays, ProgramResults } from '../golden/execute.ts';
import { execute, executeEach } from '../golden/execute.ts';
import type { Expectation } from '../gradients/agreement.ts';
import { compareResults, resultsByName } from '../gradients/agreement.ts';
import type { CaseContext, CaseOutcome, ConformanceCase } from './contract.ts';
import { once } from './once.ts';
import { shaderRoom } from './shaderErrors.ts';

/** Something to run, with what has to come out. */
export interface Question {
  /** In messages, where a case asks several: `by x`. */
  readonly title?: string;
  readonly program: Program;
  readonly arrays: ProgramArrays;
  readonly expectations: ReadonlyMap<string, Expectation>;
  /** One way is enough: other questions of the case have the same instructions and more. */
  readonly oneWay?: boolean;
}

interface Way {
  readonly title: string;
  readonly program: Program;
  readonly options: CompileOptions;
}

/**
 * How a program is given to a backend; all ways must agree with the reference. Ways that come to the same instructions (a single one
 * cannot be optimized, and a composite that the backend does not keep is decomposed anyway) are one: compiling takes long on some devices.
 */
function waysOf({ program, oneWay = false }: Question, backend: Backend): Way[] {
  const asRecorded: Way = { title: '', program, options: {} };
  if (oneWay) return [asRecorded];
  const decomposed = lower(program, () => false);
  const ways: Way[] = [
    asRecorded,
    { title: 'not optimized', program, options: { optimize: false } },
    { title: 'with composites decomposed', program: decomposed, options: {} },
  ];
  const distinct = new Map<string, Way>();
  for (const way of ways) {
    const lowered = lower(way.program, (instr, slots) => backend.keeps(instr, slots));
    const key = hashProgram(way.options.optimize === false ? lowered : optimize(lowered));
    if (!distinct.has(key)) distinct.set(key, way);
  }
  return [...distinct.values()];
}

/** A case that asks questions. They are made when it is run for the first time, and kept for other backends. */
export function programCase(
  about: Pick<ConformanceCase, 'id' | 'level' | 'subject' | 'tier' | 'unsupported'> & { readonly op?: OpName | undefined },
  questions: () => Promise<readonly Question[]>,
): ConformanceCase {
  const { op, ...rest } = about;
  const asked = once(questions);
  const askedOfShaders = once(async () => withShaderRoom(await asked()));
  return {
    ...rest,
    ...(op === undefined ? {} : { op }),
    async run(context) {
      const outcomes: CaseOutcome[] = [];
      for (const question of await (context.backend.capabilities.accuracy === 'shader' ? askedOfShaders() : asked())) {
        for (const way of waysOf(question, context.backend)) {
          const outcome = await answer(question, way, context);
          if (outcome.reason !== undefined) return outcome;
          outcomes.push(outcome);
        }
      }
      return worstOf(outcomes);
    },
  };
}

/**
 * Expectations with what they move when functions err as shaders may. The same result of several questions, such as a gradient by all arrays
 * and by one of them alone, moves as far in each.
 */
async function withShaderRoom(questions: readonly Question[]): Promise<readonly Question[]> {
  const rooms = new Map<string, number>();
  const found: Question[] = [];
  for (const question of questions) {
    const { program, arrays, expectations } = question;
    if ([...expectations.keys()].some((where) => !rooms.has(where))) {
      const own = await shaderRoom(async (backend) => resultsByName(await execute(backend, program, arrays)));
      for (const [where, room] of own) if (!rooms.has(where)) rooms.set(where, room);
    }
    const entries = [...expectations].map(([where, expectation]) => [where, { ...expectation, room: rooms.get(where) ?? 0 }] as const);
    found.push({ ...question, expectations: new Map(entries) });
  }
  return found;
}

/** The outcome whose error is the largest part of what is allowed. */
export function worstOf(outcomes: readonly CaseOutcome[]): CaseOutcome {
  const part = ({ measured = 0, allowed = 0 }: CaseOutcome): number => (measured === 0 ? 0 : measured / allowed);
  return outcomes.reduce((worst, outcome) => (part(outcome) >= part(worst) ? outcome : worst), {});
}

/** Runs a program one way, twice, and compares everything that comes out: what a run leaves in memory must not matter to the next. */
async function answer(question: Question, way: Way, { backend, factor }: CaseContext): Promise<CaseOutcome> {
  const judging = { factor, strictFloat: backend.capabilities.strictFloat };
  const runs = await executeEach(backend, way.program, [question.arrays, question.arrays], way.options);
  const [first, second] = runs.map((results, run) =>
    judgeRun(question, run === 0 ? way : { ...way, title: `${way.title} again` }, results, judging),
  );
  return first!.reason === undefined ? second! : first!;
}

function judgeRun(question: Question, way: Way, results: ProgramResults, judging: Judging): CaseOutcome {
  const agreements = compareResults(results, question.expectations, judging);
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
