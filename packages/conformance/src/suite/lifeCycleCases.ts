// What backends get wrong beside numbers: whose memory an array is, the order of runs, stores side by side, leaks.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, Executable, NdArray, Program, Store } from '@nn/core';
import { NdArray as HostArray, add, cast, full, hashProgram, mul, ndarray, newTrace, softmax, sub, sum, trace } from '@nn/core';
import { compareTensor } from '../golden/compare.ts';
import { goldenTensor } from '../golden/format.ts';
import type { Draw } from '../samples/arrays.ts';
import { integers, numbers } from '../samples/arrays.ts';
import { needsExactIntegers, needsStrictFloat } from './capabilities.ts';
import type { CaseContext, CaseOutcome, ConformanceCase } from './contract.ts';

const runs = 200;

/** All cases of the life cycle. */
export function lifeCycleCases(draw: Draw): ConformanceCase[] {
  const x = draw.normal('x', [7, 5]);
  const start = draw.normal('w', [5]);
  return [
    lifeCycle('memory', `bytes stay the same over ${runs} runs`, ({ backend }) => sameBytes(backend, x, start)),
    {
      ...lifeCycle('memory', 'device memory is back where it was', (context) => backToBaseline(context, x, start)),
      unsupported: (_, { bytesInUse }) =>
        bytesInUse === undefined ? 'the run was not told how much memory the device holds (bytesInUse)' : undefined,
    },
    lifeCycle('interleaving', 'two executables and two stores in turns', (context) => interleaved(context, x, start)),
    lifeCycle('interleaving', 'five runs at once', ({ backend }) => atOnce(backend, x)),
    lifeCycle('ownership', 'arrays of the caller are copied', (context) => callersArrays(context, x, start)),
    lifeCycle('ownership', 'results belong to the caller', (context) => ownResults(context, x, start)),
    lifeCycle('variables', 'two exchange their values', ({ backend }) => exchanged(backend)),
    lifeCycle('variables', 'of two stores exchange their values', ({ backend }) => exchangedBetweenStores(backend)),
    lifeCycle('variables', 'are as they were after write and read', ({ backend }) => roundTrip(backend, ordinaryVariables)),
    {
      ...lifeCycle('variables', 'integers beyond 2^24 are as they were', ({ backend }) => roundTrip(backend, largeIntegers)),
      unsupported: needsExactIntegers,
    },
    lifeCycle('variables', 'see the writes before a run and not those after it', ({ backend }) => orderOfWrites(backend)),
    lifeCycle('programs', 'inputs, constants and variables as outputs', ({ backend }) => passedThrough(backend)),
    {
      ...lifeCycle('programs', 'NaN, -0 and infinities as constants', ({ backend }) => specialConstants(backend)),
      unsupported: needsStrictFloat,
    },
    lifeCycle('programs', 'compiling changes nothing and reports every instruction', ({ backend }) => compiled(backend, x)),
    lifeCycle('programs', 'a second dispose does nothing', ({ backend }) => disposedTwice(backend, x)),
  ];
}

function lifeCycle(subject: string, title: string, run: (context: CaseContext) => Promise<string | undefined>): ConformanceCase {
  return {
    id: `life cycle/${subject}/${title}`,
    level: 'life cycle',
    subject,
    tier: 'quick',
    async run(context): Promise<CaseOutcome> {
      const reason = await run(context);
      return reason === undefined ? {} : { reason };
    },
  };
}

/** y = softmax(x · w) over rows, w ← w + mean of x: reads and writes a variable and needs working memory. */
function stepProgram(x: NdArray, w: NdArray): Program {
  const recording = newTrace();
  return recording.run(() => {
    const [input, variable] = [recording.input('x', x), recording.readVariable('w', w)];
    const y = softmax(mul(input, variable), 1);
    recording.writeVariable('w', add(variable, sum(input, 0).mul(1 / 64)));
    return recording.finish({ y, total: sum(y) });
  });
}

interface Placed {
  readonly store: Store;
  readonly executable: Executable;
}

async function withProgram<T>(
  backend: Backend,
  program: Program,
  variables: Readonly<Record<string, NdArray>>,
  body: (placed: Placed) => Promise<T>,
): Promise<T> {
  const store = await backend.createStore(variables);
  const executable = await backend.compile(program);
  try {
    return await body({ store, executable });
  } finally {
    await executable.dispose();
    await store.dispose();
  }
}

async function sameBytes(backend: Backend, x: NdArray, w: NdArray): Promise<string | undefined> {
  return withProgram(backend, stepProgram(x, w), { w }, async ({ store, executable }) => {
    const held = (): string => JSON.stringify([store.bytes, executable.memory]);
    const before = held();
    if (!(store.bytes >= w.size)) return `the store says it holds ${store.bytes} bytes`;
    for (let run = 0; run < runs; run++) await executable.run(store, { x }).done;
    return held() === before ? undefined : `from ${before} to ${held()}: store.bytes and executable.memory`;
  });
}

async function backToBaseline({ backend, bytesInUse }: CaseContext, x: NdArray, w: NdArray): Promise<string | undefined> {
  const use = (): Promise<void> =>
    withProgram(backend, stepProgram(x, w), { w }, async ({ store, executable }) => {
      for (let run = 0; run < 10; run++) {
        const outputs = executable.run(store, { x });
        await outputs.read('y');
        await outputs.done;
      }
    });
  // Pools may fill and stay filled.
  for (let round = 0; round < 3; round++) await use();
  const before = bytesInUse!();
  for (let round = 0; round < 5; round++) await use();
  const after = bytesInUse!();
  return after <= before ? undefined : `${after - before} bytes more after five programs and stores that were disposed`;
}

async function interleaved({ backend, factor }: CaseContext, x: NdArray, w: NdArray): Promise<string | undefined> {
  const reference = referenceBackend();
  const trail = async (on: Backend): Promise<NdArray[]> => {
    const values: NdArray[] = [];
    const other = new HostArray(w.data.slice().reverse(), w.shape, w.dtype);
    const stores = [await on.createStore({ w }), await on.createStore({ w: other })] as const;
    const executables = [await on.compile(stepProgram(x, w)), await on.compile(stepProgram(x, w), { optimize: false })] as const;
    for (const [first, second] of [
      [0, 0],
      [1, 1],
      [0, 1],
      [1, 0],
      [0, 0],
    ] as const) {
      const outputs = executables[first].run(stores[second], { x });
      values.push(await outputs.read('y'));
    }
    for (const store of stores) values.push(await store.read('w'));
    await Promise.all([...executables, ...stores].map((made) => made.dispose()));
    return values;
  };
  const [expected, actual] = [await trail(reference), await trail(backend)];
  await reference.dispose();
  return firstDifference(actual, expected, factor);
}

async function atOnce(backend: Backend, x: NdArray): Promise<string | undefined> {
  const program = counting(x);
  return withProgram(backend, program, { n: full([], 0) }, async ({ store, executable }) => {
    const outputs = Array.from({ length: 5 }, () => executable.run(store, { x }));
    const counts = await Promise.all(outputs.toReversed().map(async (output) => (await output.read('n')).item()));
    await Promise.all(outputs.map(({ done }) => done));
    return expectText([...counts.toReversed(), (await store.read('n')).item()], [1, 2, 3, 4, 5, 5]);
  });
}

/** n ← n + 1, with some work beside it. */
function counting(x: NdArray): Program {
  const recording = newTrace();
  return recording.run(() => {
    const next = add(recording.readVariable('n', { shape: [], dtype: 'f32' }), 1);
    recording.writeVariable('n', next);
    return recording.finish({ n: next, y: softmax(recording.input('x', x), 1) });
  });
}

async function callersArrays({ backend, factor }: CaseContext, x: NdArray, w: NdArray): Promise<string | undefined> {
  const expected = await referenceResult(x, w);
  const [given, variable] = [x.clone(), w.clone()];
  return withProgram(backend, stepProgram(x, w), { w: variable }, async ({ store, executable }) => {
    variable.data.fill(NaN);
    const outputs = executable.run(store, { x: given });
    given.data.fill(NaN);
    return firstDifference([await outputs.read('y')], [expected], factor);
  });
}

async function ownResults({ backend, factor }: CaseContext, x: NdArray, w: NdArray): Promise<string | undefined> {
  const expected = await referenceResult(x, w);
  return withProgram(backend, stepProgram(x, w), { w }, async ({ store, executable }) => {
    const first = await executable.run(store, { x }).read('y');
    const kept = first.clone();
    store.write('w', w);
    (await store.read('w')).data.fill(NaN);
    const second = await executable.run(store, { x }).read('y');
    const changed = firstDifference([first], [kept]);
    if (changed !== undefined) return `the next run wrote into an earlier result: ${changed}`;
    first.data.fill(NaN);
    return firstDifference([second], [expected], factor);
  });
}

async function referenceResult(x: NdArray, w: NdArray): Promise<NdArray> {
  const reference = referenceBackend();
  try {
    return await withProgram(reference, stepProgram(x, w), { w }, async ({ store, executable }) => executable.run(store, { x }).read('y'));
  } finally {
    await reference.dispose();
  }
}

/** a and b ← b and a. */
function exchange(): Program {
  const recording = newTrace();
  return recording.run(() => {
    const [a, b] = [recording.readVariable('a', { shape: [2], dtype: 'f32' }), recording.readVariable('b', { shape: [2], dtype: 'f32' })];
    recording.writeVariable('a', b);
    recording.writeVariable('b', a);
    return recording.finish({ difference: sub(a, b) });
  });
}

async function exchanged(backend: Backend): Promise<string | undefined> {
  return withProgram(backend, exchange(), { a: numbers(1, 2), b: numbers(3, 4) }, async ({ store, executable }) => {
    for (let run = 0; run < 3; run++) await executable.run(store, {}).done;
    return expectText([...(await store.read('a')).data, ...(await store.read('b')).data], [3, 4, 1, 2]);
  });
}

/** The second store has an `a` too, which is not that of the run. */
async function exchangedBetweenStores(backend: Backend): Promise<string | undefined> {
  return withProgram(backend, exchange(), { a: numbers(1, 2) }, async ({ store, executable }) => {
    const second = await backend.createStore({ b: numbers(3, 4), a: numbers(5, 6) });
    try {
      for (let run = 0; run < 3; run++) await executable.run([store, second], {}).done;
      const values = await Promise.all([store.read('a'), second.read('b'), second.read('a')]);
      return expectText(
        values.flatMap(({ data }) => [...data]),
        [3, 4, 1, 2, 5, 6],
      );
    } finally {
      await second.dispose();
    }
  });
}

const ordinaryVariables: Readonly<Record<string, NdArray>> = {
  float: numbers(0.1, -2.5, 1e38),
  integer: integers(70_000, -3, 0),
  byte: ndarray([0, 255, 7], { dtype: 'u8' }),
  truth: ndarray([true, false, true], { dtype: 'bool' }),
  empty: full([0, 3], 0),
  'a/path with spaces': full([], 3),
  __proto__key: full([1], 4),
};

const largeIntegers: Readonly<Record<string, NdArray>> = { integer: integers(2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1) };

async function roundTrip(backend: Backend, given: Readonly<Record<string, NdArray>>): Promise<string | undefined> {
  const store = await backend.createStore(given);
  try {
    for (const [name, array] of Object.entries(given)) {
      const read = await store.read(name);
      const different = read.dtype === array.dtype ? firstDifference([read], [array]) : `it comes back as ${read.dtype}`;
      if (different !== undefined) return `${name} (${array.dtype}): ${different}`;
    }
    return expectText(store.names.toSorted(), Object.keys(given).toSorted());
  } finally {
    await store.dispose();
  }
}

async function orderOfWrites(backend: Backend): Promise<string | undefined> {
  const program = counting(full([3, 2], 1));
  return withProgram(backend, program, { n: full([], 0) }, async ({ store, executable }) => {
    const x = full([3, 2], 1);
    store.write('n', full([], 10));
    const first = executable.run(store, { x });
    store.write('n', full([], 20));
    const second = executable.run(store, { x });
    const after = store.read('n');
    store.write('n', full([], 30));
    const seen = [(await first.read('n')).item(), (await second.read('n')).item(), (await after).item(), (await store.read('n')).item()];
    return expectText(seen, [11, 21, 21, 30]);
  });
}

async function passedThrough(backend: Backend): Promise<string | undefined> {
  const recording = newTrace();
  const program = recording.run(() => {
    const [x, v] = [recording.input('x', { shape: [3], dtype: 'f32' }), recording.readVariable('v', { shape: [3], dtype: 'f32' })];
    const bytes = recording.input('bytes', { shape: [3], dtype: 'u8' });
    const constant = recording.constant(numbers(7, 8, 9));
    recording.writeVariable('v', x);
    return recording.finish({ x, again: x, v, constant, bytes, asFloat: cast(bytes, 'f32'), flat: x.reshape([1, 3]) });
  });
  const inputs = { x: numbers(1, 2, 3), bytes: ndarray([0, 128, 255], { dtype: 'u8' }) };
  return withProgram(backend, program, { v: numbers(4, 5, 6) }, async ({ store, executable }) => {
    const outputs = executable.run(store, inputs);
    const seen = await Promise.all(['x', 'again', 'v', 'constant', 'bytes', 'asFloat', 'flat'].map((name) => outputs.read(name)));
    const expected = [inputs.x, inputs.x, numbers(4, 5, 6), numbers(7, 8, 9), inputs.bytes, numbers(0, 128, 255), inputs.x.reshape([1, 3])];
    await outputs.done;
    return firstDifference([...seen, await store.read('v')], [...expected, inputs.x]);
  });
}

async function specialConstants(backend: Backend): Promise<string | undefined> {
  const values = numbers(NaN, -0, Infinity, -Infinity);
  const recording = newTrace();
  const program = recording.run(() =>
    recording.finish({ y: mul(recording.constant(values), recording.input('one', { shape: [], dtype: 'f32' })) }),
  );
  return withProgram(backend, program, {}, async ({ store, executable }) => {
    const y = await executable.run(store, { one: full([], 1) }).read('y');
    const wrong = values.data.findIndex((value, index) => !Object.is(value, y.data[index]));
    return wrong < 0 ? undefined : `element ${wrong} is ${y.data[wrong]}`;
  });
}

async function compiled(backend: Backend, x: NdArray): Promise<string | undefined> {
  const program = trace({ x }, ({ x: input }) => softmax(add(input, input.sum()), 1).reshape([-1]));
  const before = hashProgram(program);
  const executable = await backend.compile(program);
  const rows = executable.report.map(({ instr }) => instr);
  await executable.dispose();
  if (hashProgram(program) !== before) return 'compile changed the program it was given';
  return expectText(
    rows,
    program.instrs.map((_, index) => index),
  );
}

async function disposedTwice(backend: Backend, x: NdArray): Promise<string | undefined> {
  const program = trace({ x }, ({ x: input }) => softmax(input, 1));
  const [store, executable] = [await backend.createStore({}), await backend.compile(program)];
  for (const made of [executable, executable, store, store]) await made.dispose();
  return undefined;
}

function firstDifference(actual: readonly NdArray[], expected: readonly NdArray[], factor = 1): string | undefined {
  for (const [index, value] of expected.entries()) {
    const { reason } = compareTensor(actual[index]!, goldenTensor(value), { tolerance: { rtol: 1e-5, atol: 1e-6 }, factor });
    if (reason !== undefined) return `result ${index}: ${reason}`;
  }
  return undefined;
}

function expectText(actual: readonly (number | string)[], expected: readonly (number | string)[]): string | undefined {
  return actual.join() === expected.join() ? undefined : `${actual.join(', ')} instead of ${expected.join(', ')}`;
}
