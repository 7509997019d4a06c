// Joining maps: what becomes one loop, and that the results are those of the steps one by one.
import { add, div, elementwise, identicalArrays, mul, ndarray, scalar, sqrt, sub, sum, trace } from '@nn/core';
import type { Backend, NdArray, Program, Tensor } from '@nn/core';
import { cpuBackend } from '../cpuBackend.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, cpu, expectClose, reference, seeds } from '../testing/compare.ts';
import type { WasmBuffer, WasmStep } from './command.ts';
import { wasmKernels } from './kernels/table.ts';
import { planSteps as planWith } from './plan.ts';

const shape = [6, 5];
const kernels = wasmKernels({ relaxed: false, wideTiles: false });

/** A plan of which every result is read afterwards. */
const planSteps = (steps: Parameters<typeof planWith>[0]): ReturnType<typeof planWith> => planWith(steps, new Set([9]));

/** A map of inputs 0, 1, … as a step on those buffers. */
function mapStep(inputs: readonly WasmBuffer[], output: WasmBuffer): Parameters<typeof planSteps>[0][number] {
  const spec = { shape, dtype: 'f32' } as const;
  const expression = inputs.map((_, index) => scalar.input(index, 'f32')).reduce((total, input) => scalar.mul(total, input));
  const run: WasmStep = kernels.map({ attrs: { expression }, inputs: inputs.map(() => spec), outputs: [spec] });
  return { instr: { op: 'map', attrs: {}, in: inputs.map((_, index) => index), out: [9], path: '' }, inputs, outputs: [output], run };
}

function buffers(count: number): WasmBuffer[] {
  return Array.from({ length: count }, (_, index) => ({ pointer: 64 * (index + 1), dtype: 'f32', length: 30 }));
}

const [a, b, c, d, e, f] = buffers(6) as [WasmBuffer, WasmBuffer, WasmBuffer, WasmBuffer, WasmBuffer, WasmBuffer];

describe('maps', () => {
  it('that share an array become one loop, which names each array once', () => {
    const plan = planSteps([mapStep([a, b], c), mapStep([a, d], e), mapStep([c, e], f)]);
    expect(plan.map(({ commands }) => commands.length)).toEqual([1]);
    expect(plan[0]!.pointers()).toEqual({
      inputs: [a, b, d].map(({ pointer }) => pointer),
      outputs: [c, e, f].map(({ pointer }) => pointer),
    });
  });

  it('that share nothing stay apart', () => {
    expect(planSteps([mapStep([a], b), mapStep([c], d)])).toHaveLength(2);
  });

  it('stay apart where a step between needs one of them and is needed by the other', () => {
    const between = { ...mapStep([b], c), run: { commands: [] } };
    expect(planSteps([mapStep([a], b), between, mapStep([a, c], d)])).toHaveLength(3);
    expect(planSteps([mapStep([a], b), { ...between, inputs: [e] }, mapStep([a, c], d)])).toHaveLength(2);
    expect(planSteps([mapStep([a], b), between, mapStep([a], d)])).toHaveLength(2);
  });

  it('stay apart where both write to one buffer', () => {
    expect(planSteps([mapStep([a], b), mapStep([a], b)])).toHaveLength(2);
  });
});

describe('sums', () => {
  const sumStep = (input: WasmBuffer, output: WasmBuffer, axes: readonly number[]): ReturnType<typeof mapStep> => ({
    instr: { op: 'reduce', attrs: { kind: 'sum', axes }, in: [0], out: [9], path: '' },
    inputs: [input],
    outputs: [output],
    run: { commands: [{ kernel: 'sumOver', words: () => [], work: 1 }] },
  });
  const command = { kernel: 'normalizeColumnsGradient', words: () => [], work: 1 } as const;
  /** A step that comes by the sum of b, and has read a by the time that it writes it. */
  const summing = {
    ...mapStep([a, b], c),
    run: { commands: [command], byproduct: { input: 1, axes: [0], overwrites: [0], commands: [command] } },
  };

  it('are left to a step that comes by them, also in the place of an input that it does not need any more', () => {
    for (const place of [d, a]) {
      const plan = planSteps([summing, sumStep(b, place, [0])]);
      expect(plan.map(({ commands }) => commands)).toEqual([[command]]);
      expect(plan[0]!.pointers().outputs).toEqual([c.pointer, place.pointer]);
    }
  });

  it('of anything else, over other axes, or in the place of an array that is still needed, are not', () => {
    expect(planSteps([summing, sumStep(a, d, [0])])).toHaveLength(2);
    expect(planSteps([summing, sumStep(b, d, [1])])).toHaveLength(2);
    expect(planSteps([summing, { ...mapStep([c, d], e), run: { commands: [] } }, sumStep(b, d, [0])])).toHaveLength(3);
    expect(planSteps([summing, sumStep(b, b, [0])])).toHaveLength(2);
    expect(planSteps([summing, sumStep(b, d, [0]), sumStep(b, e, [0])])).toHaveLength(2);
  });
});

describe('sums of what maps make', () => {
  const programOfSize = (size: number): Program =>
    trace({ x: { shape: [size], dtype: 'f32' }, y: { shape: [size], dtype: 'f32' } }, ({ x, y }) => {
      const product = mul(x, y);
      const squares = sum(mul(x, x));
      return { squares, sum: sum(product), product, ratio: div(product, add(squares, 1)) };
    });

  it.each([1, 3, 4, 4095, 4097, 50_001])('of %i elements are those of the steps one by one, on any number of threads', async (size) => {
    const program = programOfSize(size);
    const inputs = { x: arrayOf([size], 'f32', 1), y: arrayOf([size], 'f32', 2) };
    const results = async (backend: Backend): Promise<NdArray[]> => {
      const executable = await backend.compile(program);
      const outputs = executable.run(await backend.createStore({}), inputs);
      return Promise.all(Object.keys(program.outputs).map((name) => outputs.read(name)));
    };
    const [expected, actual, ...others] = await Promise.all(
      [reference, cpu, await cpuBackend({ threads: 1 }), await cpuBackend({ threads: 3 })].map(results),
    );
    expected!.forEach((array, index) => expectClose(actual![index]!, array, { relative: 2e-6, absolute: 2e-7 * size }));
    for (const other of others) expect(other.map((array, index) => identicalArrays(array, actual![index]!))).not.toContain(false);
  });

  it('overflow only where the result does', async () => {
    const x = ndarray(Float32Array.from({ length: 32 }, (_, index) => (index < 16 ? 3e38 : -3e38)));
    const program = trace({ x }, (given) => ({ total: sum(mul(given.x, 0.5)) }));
    const executable = await cpu.compile(program);
    const total = await executable.run(await cpu.createStore({}), { x }).read('total');
    expect(total.item()).toBe(0);
  });

  it('are no passes of their own, and what is added up alone is not written', async () => {
    const sumStep = (input: WasmBuffer, output: WasmBuffer): Parameters<typeof planWith>[0][number] => ({
      instr: { op: 'reduce', attrs: { kind: 'sum', axes: [0, 1] }, in: [9], out: [10], path: '' },
      inputs: [input],
      outputs: [output],
      run: { commands: [{ kernel: 'sumAlong', words: () => [], work: 1 }] },
    });
    const total: WasmBuffer = { pointer: 6400, dtype: 'f32', length: 1 };
    const [plan, ...more] = planWith([mapStep([a, b], c), sumStep(c, total)], new Set([10]));
    expect(more).toEqual([]);
    expect(plan!.commands.map(({ kernel }) => typeof kernel)).toEqual(['object', 'string']);
    expect(plan!.pointers().outputs).toEqual([total.pointer]);
    const [kept] = planWith([mapStep([a, b], c), sumStep(c, total)], new Set([9, 10]));
    expect(kept!.pointers().outputs).toEqual([c.pointer, total.pointer]);
  });
});

/** A program of `choices`: each records one operation on results so far; every third result is an output. */
function programOf(choices: readonly (readonly [number, number, number])[]): Program {
  return trace({ x: { shape, dtype: 'f32' }, row: { shape: [1, 5], dtype: 'f32' } }, ({ x, row }) => {
    const operations: readonly ((left: Tensor, right: Tensor) => Tensor)[] = [
      add,
      sub,
      mul,
      (left, right) => div(left, add(sqrt(mul(right, right)), 1)),
      (left, right) => add(left, sum(right, 0, { keepDims: true })),
      (left, right) => add(left, sum(mul(right, right))),
      (left) => elementwise((value) => scalar.tanh(value), left),
      (left) => add(left, row),
    ];
    const results = [x];
    for (const [operation, left, right] of choices) {
      const result = operations[operation % operations.length]!(results[left % results.length]!, results[right % results.length]!);
      results.push(elementwise((value) => scalar.min(scalar.max(value, -4), 4), result));
    }
    return Object.fromEntries(
      results.flatMap((result, index) => (index % 3 === 0 || index === choices.length ? [[`r${index}`, result]] : [])),
    );
  });
}

it('programs of joined loops give what their steps give one by one', async () => {
  const choices = fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)), { minLength: 3, maxLength: 14 });
  const check = fc.asyncProperty(choices, seeds, fc.boolean(), async (list, seed, optimize) => {
    const program = programOf(list);
    const inputs = { x: arrayOf(shape, 'f32', seed), row: arrayOf([1, 5], 'f32', seed + 1) };
    const [expected, actual] = await Promise.all(
      [reference, cpu].map(async (backend): Promise<NdArray[]> => {
        const executable = await backend.compile(program, { optimize });
        const outputs = executable.run(await backend.createStore({}), inputs);
        const results = await Promise.all(Object.keys(program.outputs).map((name) => outputs.read(name)));
        await executable.dispose();
        return results;
      }),
    );
    expected!.forEach((array, index) => expectClose(actual![index]!, array, { relative: 1e-3, absolute: 1e-3 }));
  });
  await fc.assert(check, { numRuns: 80 });
});
