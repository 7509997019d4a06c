// Variables whose buffers are exchanged: values are those of copying, whatever programs and stores take turns.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { full } from '../array/ndarray.ts';
import { add, mul } from '../ops/elementwise.ts';
import { trace } from '../ops/trace.ts';
import type { Program } from '../program/program.ts';
import { kernelBackend } from './kernelBackend.ts';
import { capabilities, countingDevice, toyKernels } from './testing/toyBackend.ts';

const vector = { shape: [2], dtype: 'f32' } as const;
const names = ['a', 'b', 'c'] as const;
type Values = Record<(typeof names)[number], number>;

/** Three ways to write variables, and what each makes of their values. */
const programs: readonly { readonly program: Program; readonly next: (values: Values) => Partial<Values> }[] = [
  {
    // New values for two of them.
    program: trace({}, (_, recording) => {
      const [a, b] = names.map((name) => recording.readVariable(name, vector));
      recording.writeVariable('a', add(a!, b!));
      recording.writeVariable('b', add(b!, 1));
      return {};
    }),
    next: ({ a, b }) => ({ a: a + b, b: b + 1 }),
  },
  {
    // One value for two of them, which is an output too.
    program: trace({}, (_, recording) => {
      const [a, , c] = names.map((name) => recording.readVariable(name, vector));
      const sum = add(a!, c!);
      recording.writeVariable('b', sum);
      recording.writeVariable('c', sum);
      return { sum };
    }),
    next: ({ a, c }) => ({ b: a + c, c: a + c }),
  },
  {
    // Values that go round, one of them changed on the way.
    program: trace({}, (_, recording) => {
      const [a, b, c] = names.map((name) => recording.readVariable(name, vector));
      recording.writeVariable('a', b!);
      recording.writeVariable('b', mul(c!, 0.5));
      recording.writeVariable('c', a!);
      return {};
    }),
    next: ({ a, b, c }) => ({ a: b, b: 0.5 * c, c: a }),
  },
];

describe('variables', () => {
  it('have the values of their programs in any order, in every store', async () => {
    const runs = fc.array(fc.record({ store: fc.nat(1), program: fc.nat(2) }), { maxLength: 20 });
    const check = fc.asyncProperty(runs, async (list) => {
      const device = countingDevice();
      const backend = kernelBackend('toy', capabilities, device, toyKernels);
      const expected: Values[] = [
        { a: 1, b: 2, c: 3 },
        { a: 10, b: 20, c: 30 },
      ];
      const stores = await Promise.all(
        expected.map((values) => backend.createStore(Object.fromEntries(names.map((name) => [name, full([2], values[name])])))),
      );
      const executables = await Promise.all(programs.map(({ program }) => backend.compile(program)));
      for (const { store, program } of list) {
        await executables[program]!.run(stores[store]!, {}).done;
        Object.assign(expected[store]!, programs[program]!.next(expected[store]!));
        const held = await Promise.all(names.map(async (name) => [name, (await stores[store]!.read(name)).data[1]!]));
        expect(Object.fromEntries(held)).toEqual(expected[store]);
      }
      await Promise.all([...executables, ...stores].map((owner) => owner.dispose()));
      expect(device.counts.freed).toBe(device.counts.allocated);
    });
    await fc.assert(check, { numRuns: 60 });
  });

  it('are those of the first store that has them', async () => {
    const backend = kernelBackend('toy', capabilities, countingDevice(), toyKernels);
    const executable = await backend.compile(programs[0]!.program);
    const parameters = await backend.createStore({ a: full([2], 1), c: full([2], 0) });
    const data = await backend.createStore({ b: full([2], 2), a: full([2], 100) });
    await executable.run([parameters, data], {}).done;
    await executable.run([parameters, data], {}).done;
    expect((await parameters.read('a')).data[0]).toBe(6);
    expect([(await data.read('b')).data[0], (await data.read('a')).data[0]]).toEqual([4, 100]);

    await executable.run([data, parameters], {}).done;
    expect([(await data.read('a')).data[0], (await parameters.read('a')).data[0]]).toEqual([104, 6]);
    expect(() => executable.run([parameters], {})).toThrow('The store has no variable "b"');
    await data.dispose();
    expect(() => executable.run([data, parameters], {})).toThrow('disposed');
  });

  it('of a store outlive the programs that wrote them, and programs the store', async () => {
    const backend = kernelBackend('toy', capabilities, countingDevice(), toyKernels);
    const store = await backend.createStore({ a: full([2], 1), b: full([2], 2), c: full([2], 3) });
    const executable = await backend.compile(programs[0]!.program);
    await executable.run(store, {}).done;
    await executable.dispose();
    expect((await store.read('a')).data[0]).toBe(3);

    const second = await backend.compile(programs[0]!.program);
    await second.run(store, {}).done;
    await store.dispose();
    const other = await backend.createStore({ a: full([2], 5), b: full([2], 6), c: full([2], 7) });
    await second.run(other, {}).done;
    expect((await other.read('a')).data[0]).toBe(11);
  });
});
