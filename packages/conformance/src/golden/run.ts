// One golden case on one backend: computed, compared, and summed up in one record.
import type { Backend, NdArray } from '@nn/core';
import type { Results } from './adapter.ts';
import { adapterOf } from './adapters/table.ts';
import type { Judging, WorstElement } from './compare.ts';
import { compareTensor, share } from './compare.ts';
import { NotYet } from './config.ts';
import type { GoldenCase, GoldenTensor, GoldenTensors } from './format.ts';
import { shaderRoom } from '../suite/shaderErrors.ts';

/** `waiting`: the toolkit lacks something that the case needs, which the reason names. */
export type CaseStatus = 'pass' | 'fail' | 'waiting';

/** What became of a case. */
export interface CaseResult {
  readonly id: string;
  readonly op: string;
  readonly backend: string;
  readonly status: CaseStatus;
  /** Why it fails or waits. */
  readonly reason?: string;
  /** Where the error is the largest part of what is allowed. */
  readonly worst?: WorstElement & { readonly where: string };
  /** What the case expects beside that and the toolkit keeps no such thing of, with the reason. */
  readonly notCompared?: readonly string[];
}

/**
 * Computes a case and compares everything that it expects. Errors of the toolkit or the backend are failures, not exceptions.
 * @param factor on the tolerances: 1 for CPU float32 or better, 4 for WebAssembly and GPUs
 */
export async function runCase(golden: GoldenCase, backend: Backend, { factor }: { readonly factor: number }): Promise<CaseResult> {
  const base = { id: golden.id, op: golden.op, backend: backend.name };
  const adapter = adapterOf(golden.op);
  if (adapter === undefined) return { ...base, status: 'waiting', reason: `the op ${golden.op}` };
  try {
    const { strictFloat, accuracy } = backend.capabilities;
    const room = accuracy === 'shader' ? await shaderRoom(async (other) => arraysOf(await adapter(golden, other))) : undefined;
    return { ...base, ...compareResults(golden, await adapter(golden, backend), { factor, strictFloat, room }) };
  } catch (error) {
    if (error instanceof NotYet) return { ...base, status: 'waiting', reason: error.message };
    return { ...base, status: 'fail', reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function arraysOf(results: Results): Map<string, NdArray> {
  return new Map([...results].flatMap(([where, result]) => ('notKept' in result ? [] : [[where, result] as const])));
}

interface Comparing extends Judging {
  /** What shaders may be off, by where it is. */
  readonly room: ReadonlyMap<string, number> | undefined;
}

function compareResults(golden: GoldenCase, results: Results, { room, ...judging }: Comparing): Omit<CaseResult, 'id' | 'op' | 'backend'> {
  let worst: CaseResult['worst'];
  const notCompared: string[] = [];
  for (const expectation of expectations(golden)) {
    const { where, section, name, expected, alternative } = expectation;
    const actual = results.get(where);
    if (actual === undefined) return { status: 'fail', reason: `${where} is expected, but was not computed` };
    if ('notKept' in actual) {
      notCompared.push(`${where}: ${actual.notKept}`);
      continue;
    }
    const tolerance = golden.tol[section]?.[name] ?? golden.tol[section]?.['*'];
    if (tolerance === undefined) return { status: 'fail', reason: `${where} has no tolerance in the golden file` };
    const comparison = compareTensor(actual, expected, { ...judging, tolerance, alternative, room: room?.get(where) });
    const located = comparison.worst === undefined ? undefined : { ...comparison.worst, where };
    if (!comparison.ok)
      return { status: 'fail', reason: `${where}: ${comparison.reason}`, ...(located === undefined ? {} : { worst: located }) };
    if (located !== undefined && (worst === undefined || share(located) > share(worst))) worst = located;
  }
  return { status: 'pass', ...(worst === undefined ? {} : { worst }), ...(notCompared.length === 0 ? {} : { notCompared }) };
}

interface Expectation {
  /** Name of the result: `steps/0/outputs/y`. */
  readonly where: string;
  /** Where its tolerance is: under `outputs` and `y`, or `*` for every name. */
  readonly section: string;
  readonly name: string;
  readonly expected: GoldenTensor;
  readonly alternative?: GoldenTensor | undefined;
}

/** Every array that a case expects, under the name its result has. */
function expectations(golden: GoldenCase): Expectation[] {
  const section = (path: string, tensors: GoldenTensors | undefined, alternatives?: GoldenTensors): Expectation[] => {
    const own = path.split('/').findLast((part) => Object.hasOwn(golden.tol, part)) ?? path;
    return Object.entries(tensors ?? {}).map(([name, expected]) => ({
      where: `${path}/${name}`,
      section: own,
      name,
      expected,
      alternative: alternatives?.[name],
    }));
  };
  return [
    ...section('outputs', golden.outputs, golden.alternatives),
    ...section('grads', golden.grads, golden.gradsAlternatives),
    ...section('stateAfter', golden.stateAfter),
    ...section('firstGrads', golden.firstGrads),
    ...Object.entries(golden.paramsAfter ?? {}).flatMap(([step, tensors]) => section(`paramsAfter/${step}`, tensors)),
    ...(golden.steps ?? []).flatMap((step, index) => [
      ...section(`steps/${index}/outputs`, step.outputs),
      ...section(`steps/${index}/stateAfter`, step.stateAfter),
    ]),
  ];
}
