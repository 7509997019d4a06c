// Bad input: each gives its typed error, and the backend works on afterwards.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, ErrorCode, Executable, NdArray, Program, Store } from '@nn/core';
import { full, isNnError, newTrace, stretchTo, trace } from '@nn/core';
import { integers, numbers } from '../samples/arrays.ts';
import type { ConformanceCase } from './contract.ts';

interface Bench {
  readonly backend: Backend;
  readonly store: Store;
  readonly executable: Executable;
  readonly x: NdArray;
}

interface Mistake {
  readonly title: string;
  /** The class of the error, by the first part of its code. */
  readonly family: ErrorCode extends `${infer Family}.${string}` ? Family : never;
  readonly code?: ErrorCode;
  make(bench: Bench): unknown;
}

const x = numbers(1, 2, 3);

/** y = 2 x + v, v ← y */
function benchProgram(): Program {
  const recording = newTrace();
  return recording.run(() => {
    const y = recording.input('x', x).mul(2).add(recording.readVariable('v', x));
    recording.writeVariable('v', y);
    return recording.finish({ y });
  });
}

const mistakes: readonly Mistake[] = [
  { title: 'an input of another shape', family: 'shape', make: ({ executable, store }) => settle(executable, store, { x: numbers(1, 2) }) },
  {
    title: 'an input of another dtype',
    family: 'dtype',
    make: ({ executable, store }) => settle(executable, store, { x: integers(1, 2, 3) }),
  },
  { title: 'an input that is missing', family: 'config', make: ({ executable, store }) => settle(executable, store, {}) },
  {
    title: 'an input that nobody asked for',
    family: 'config',
    code: 'config.unknown',
    make: ({ executable, store }) => settle(executable, store, { x, z: x }),
  },
  {
    title: 'an input whose buffer was transferred away',
    family: 'data',
    make({ executable, store }) {
      const given = x.clone();
      structuredClone(given.data, { transfer: [given.data.buffer as ArrayBuffer] });
      return settle(executable, store, { x: given });
    },
  },
  {
    title: 'a store without the variable',
    family: 'config',
    make: async ({ backend, executable }) => withStore(backend, { w: x }, (store) => settle(executable, store, { x })),
  },
  {
    title: 'a store whose variable has another shape',
    family: 'shape',
    make: async ({ backend, executable }) => withStore(backend, { v: numbers(1) }, (store) => settle(executable, store, { x })),
  },
  {
    title: 'a store whose variable has another dtype',
    family: 'dtype',
    make: async ({ backend, executable }) => withStore(backend, { v: integers(1, 2, 3) }, (store) => settle(executable, store, { x })),
  },
  {
    title: 'a store of another backend',
    family: 'config',
    async make({ executable }) {
      const other = referenceBackend();
      try {
        await withStore(other, { v: x }, (store) => settle(executable, store, { x }));
      } finally {
        await other.dispose();
      }
    },
  },
  {
    title: 'a store that was disposed',
    family: 'disposed',
    async make({ backend, executable }) {
      const store = await backend.createStore({ v: x });
      await store.dispose();
      await settle(executable, store, { x });
    },
  },
  {
    title: 'reading from a store that was disposed',
    family: 'disposed',
    async make({ backend }) {
      const store = await backend.createStore({ v: x });
      await store.dispose();
      await store.read('v');
    },
  },
  {
    title: 'an executable that was disposed',
    family: 'disposed',
    async make({ backend, store }) {
      const executable = await backend.compile(benchProgram());
      await executable.dispose();
      await settle(executable, store, { x });
    },
  },
  { title: 'reading an unknown variable', family: 'config', code: 'config.unknown', make: ({ store }) => store.read('w') },
  { title: 'writing an unknown variable', family: 'config', code: 'config.unknown', make: ({ store }) => store.write('w', x) },
  { title: 'writing another shape', family: 'shape', make: ({ store }) => store.write('v', numbers(1, 2)) },
  { title: 'writing another dtype', family: 'dtype', make: ({ store }) => store.write('v', integers(1, 2, 3)) },
  {
    title: 'reading an unknown output',
    family: 'config',
    code: 'config.unknown',
    async make({ executable, store }) {
      const outputs = executable.run(store, { x });
      try {
        await outputs.read('z');
      } finally {
        await outputs.done;
      }
    },
  },
  {
    title: 'an op that does not exist',
    family: 'format',
    make: ({ backend }) => compileChanged(backend, (program) => ({ instrs: program.instrs.map((instr) => ({ ...instr, op: 'sofmax' })) })),
  },
  {
    title: 'a slot that is read before it is written',
    family: 'format',
    make: ({ backend }) => compileChanged(backend, (program) => ({ instrs: program.instrs.toReversed() })),
  },
  {
    title: 'a slot that does not exist',
    family: 'format',
    make: ({ backend }) => compileChanged(backend, () => ({ outputs: { y: 1000 } })),
  },
  {
    title: 'a program of another version',
    family: 'format',
    make: ({ backend }) => compileChanged(backend, () => ({ version: 2 as 1 })),
  },
  {
    title: 'a program larger than any memory',
    family: 'backend',
    code: 'backend.out-of-memory',
    make: ({ backend }) => backend.compile(hugeProgram()),
  },
];

/** 40 results of 8 GiB each, from a scalar. */
function hugeProgram(): Program {
  return trace({ x: full([], 0) }, ({ x: scalar }) =>
    Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`y${index}`, stretchTo(scalar.add(index).reshape([1, 1]), [2 ** 15, 2 ** 16 - 1])]),
    ),
  );
}

/** Every mistake as a case. */
export function errorCases(): ConformanceCase[] {
  return mistakes.map((mistake) => ({
    id: `life cycle/errors/${mistake.title}`,
    level: 'life cycle',
    subject: 'errors',
    tier: 'quick',
    async run({ backend }) {
      const store = await backend.createStore({ v: x });
      const executable = await backend.compile(benchProgram());
      try {
        const thrown = await errorOf(() => mistake.make({ backend, store, executable, x }));
        const reason = judgeError(thrown, mistake) ?? (await worksOn(executable, store));
        return reason === undefined ? {} : { reason };
      } finally {
        await executable.dispose();
        await store.dispose();
      }
    },
  }));
}

async function errorOf(make: () => unknown): Promise<unknown> {
  try {
    await make();
    return undefined;
  } catch (error) {
    return error;
  }
}

function judgeError(thrown: unknown, { family, code }: Mistake): string | undefined {
  const wanted = code ?? `${family}.…`;
  if (thrown === undefined) return `nothing was thrown; an error with the code ${wanted} is expected`;
  if (!isNnError(thrown))
    return `an error with the code ${wanted} is expected, not ${thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown}`;
  const fits = code === undefined ? thrown.code.startsWith(`${family}.`) : thrown.code === code;
  return fits ? undefined : `an error with the code ${wanted} is expected, not ${thrown.code}: ${thrown.message}`;
}

/** The mistake left everything as it was: variables are untouched and runs are right. */
async function worksOn(executable: Executable, store: Store): Promise<string | undefined> {
  store.write('v', numbers(10, 20, 30));
  const outputs = executable.run(store, { x });
  const found = [...(await outputs.read('y')).data, ...(await store.read('v')).data].join(', ');
  const expected = '12, 24, 36, 12, 24, 36';
  return found === expected ? undefined : `afterwards a run gives ${found} instead of ${expected}`;
}

async function settle(executable: Executable, store: Store, inputs: Readonly<Record<string, NdArray>>): Promise<void> {
  const outputs = executable.run(store, inputs);
  await outputs.read('y');
  await outputs.done;
}

async function withStore(
  backend: Backend,
  variables: Readonly<Record<string, NdArray>>,
  body: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await backend.createStore(variables);
  try {
    await body(store);
  } finally {
    await store.dispose();
  }
}

async function compileChanged(backend: Backend, change: (program: Program) => Partial<Program>): Promise<void> {
  const program = benchProgram();
  await (await backend.compile({ ...program, ...change(program) })).dispose();
}
