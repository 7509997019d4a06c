// The same numbers give the same bits: in every run, and on any number of threads.
import type { Backend, NdArray, Program } from '@nn/core';
import { newTrace, sum } from '@nn/core';
import { executeEach } from '../golden/execute.ts';
import type { ProgramArrays } from '../golden/execute.ts';
import { resultsByName } from '../gradients/agreement.ts';
import { gradientProgram, opProblems } from '../gradients/problem.ts';
import type { Draw } from '../samples/arrays.ts';
import { largeSamplesOf } from '../samples/shapes.ts';
import { needsPeers } from './capabilities.ts';
import type { CaseContext, CaseOutcome, ConformanceCase } from './contract.ts';
import type { Training } from './trainingCases.ts';
import { classifier, sameBits, train } from './trainingCases.ts';

/** All cases of determinism. */
export function determinismCases(draw: Draw): ConformanceCase[] {
  return [
    determinism('training', 'the same training twice', (context) => twice(context, classifier(draw, 5))),
    determinism('life cycle', 'a long sum five times', (context) => repeatedSums(context, draw)),
    {
      ...determinism('training', 'a training on other numbers of threads', (context) => trainedByPeers(context, classifier(draw, 5))),
      unsupported: needsPeers,
    },
    {
      ...determinism('life cycle', 'large arrays on other numbers of threads', (context) => computedByPeers(context, draw)),
      unsupported: needsPeers,
    },
  ];
}

function determinism(
  level: 'training' | 'life cycle',
  title: string,
  run: (context: CaseContext) => Promise<CaseOutcome>,
): ConformanceCase {
  return { id: `${level}/determinism/${title}`, level, subject: 'determinism', tier: 'quick', run };
}

type NamedArrays = ReadonlyMap<string, NdArray>;

/** Passes when all bits are equal. */
function compareBits(first: NamedArrays, second: NamedArrays, when: string): CaseOutcome {
  const different = [...first].find(([name, value]) => !sameBits(value, second.get(name)!));
  if (different === undefined) return { measured: 0, allowed: 0 };
  const [name, value] = different;
  return { reason: `${name} has other bits ${when}`, evidence: { expected: String(value), actual: String(second.get(name)) } };
}

async function twice({ backend }: CaseContext, training: Training): Promise<CaseOutcome> {
  return compareBits(await train(backend, training), await train(backend, training), 'the second time');
}

/** Sums over many elements: work that is split among threads must be added in one order. */
async function repeatedSums({ backend }: CaseContext, { normal }: Draw): Promise<CaseOutcome> {
  const x = normal('long', [4097, 3], { mean: 100 });
  const trace = newTrace();
  const program = trace.run(() => trace.finish({ y: sum(trace.input('x', x), 0) }));
  const runs = Array.from({ length: 5 }, (): ProgramArrays => ({ inputs: { x }, variables: {} }));
  const [first, ...others] = (await executeEach(backend, program, runs)).map(({ outputs }) => outputs);
  const outcomes = others.map((other) => compareBits(first!, other, 'in a later run'));
  return outcomes.find(({ reason }) => reason !== undefined) ?? outcomes[0]!;
}

/** What `run` gives on every peer has the bits that it gives on the backend. */
async function onPeers({ backend, peers = {} }: CaseContext, run: (backend: Backend) => Promise<NamedArrays>): Promise<CaseOutcome> {
  const expected = await run(backend);
  for (const [title, create] of Object.entries(peers)) {
    const peer = await create();
    try {
      const outcome = compareBits(expected, await run(peer), `on ${title}`);
      if (outcome.reason !== undefined) return outcome;
    } finally {
      await peer.dispose();
    }
  }
  return { measured: 0, allowed: 0 };
}

function trainedByPeers(context: CaseContext, training: Training): Promise<CaseOutcome> {
  return onPeers(context, (backend) => train(backend, training));
}

/** Values and gradients of ops on arrays that are large enough to be shared among threads. */
function computedByPeers(context: CaseContext, draw: Draw): Promise<CaseOutcome> {
  const questions = (['matmul', 'reduce', 'normalize', 'softmax', 'conv2d', 'scatterAdd', 'uniform', 'map'] as const).flatMap((op) =>
    opProblems(op, largeSamplesOf(draw)).flatMap((problem): { title: string; program: Program; arrays: ProgramArrays }[] =>
      problem.isVariant ? [] : [{ title: `${op}, ${problem.title}`, program: gradientProgram(problem), arrays: problem }],
    ),
  );
  return onPeers(context, async (backend) => {
    const results = new Map<string, NdArray>();
    for (const { title, program, arrays } of questions) {
      const [found] = await executeEach(backend, program, [arrays]);
      for (const [name, value] of resultsByName(found!)) results.set(`${title}: ${name}`, value);
    }
    return results;
  });
}
