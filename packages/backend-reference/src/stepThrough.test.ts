// One step per instruction, with its path and its value.
import { add, ConfigError, linear, lower, mul, ndarray, normalize, ShapeError, softmax, sqrt, sub, sum, trace } from '@nn/core';
import type { Program } from '@nn/core';
import { describe, expect, it } from 'vitest';
import type { ProgramStep } from './index.ts';
import { referenceBackend, stepThrough } from './index.ts';

const vector = { shape: [2], dtype: 'f32' } as const;

function example(): Program {
  return trace({ x: vector }, ({ x }, recording) => {
    const shift = recording.readVariable('shift', vector);
    const hidden = recording.within('dense1', () => mul(add(x, shift), 2));
    recording.writeVariable('shift', hidden);
    return recording.within('dense2', () => sqrt(hidden));
  });
}

async function collect(steps: AsyncIterable<ProgramStep>): Promise<ProgramStep[]> {
  const all: ProgramStep[] = [];
  for await (const step of steps) all.push(step);
  return all;
}

describe('stepThrough', () => {
  it('yields every instruction with the path of its layer and its value', async () => {
    const steps = await collect(stepThrough(example(), { shift: ndarray([1, -3]) }, { x: ndarray([1, 1]) }));
    expect(steps.map(({ instr, path, op, value }) => [instr, path, op, value.toArray()])).toEqual([
      [0, 'dense1', 'map', [2, -2]],
      [1, 'dense1', 'map', [4, -4]],
      [2, 'dense2', 'map', [2, NaN]],
    ]);
  });

  it('finds the first NaN and can be left early', async () => {
    let culprit = '';
    for await (const { path, value } of stepThrough(example(), { shift: ndarray([1, -3]) }, { x: ndarray([1, 1]) })) {
      if (value.data.every((element) => !Number.isNaN(element))) continue;
      culprit = path;
      break;
    }
    expect(culprit).toBe('dense2');
  });

  it('reads the variables of a store and writes nothing', async () => {
    const store = await referenceBackend().createStore({ shift: ndarray([1, 2]) });
    const steps = await collect(stepThrough(example(), store, { x: ndarray([0, 0]) }));
    expect(steps[1]!.value.toArray()).toEqual([2, 4]);
    expect((await store.read('shift')).toArray()).toEqual([1, 2]);
  });

  it('takes composites whole, or in parts when they are lowered', async () => {
    const matrix = { shape: [2, 2], dtype: 'f32' } as const;
    const program = trace({ x: matrix }, ({ x }) => softmax(linear(x, x)));
    const x = ndarray([
      [0, 0],
      [0, 0],
    ]);
    const steps = await collect(stepThrough(program, {}, { x }));
    expect(steps.map(({ op }) => op)).toEqual(['linear', 'softmax']);
    expect(steps[1]!.value.toArray()).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    const parts = await collect(
      stepThrough(
        lower(program, () => false),
        {},
        { x },
      ),
    );
    expect(parts.map(({ op }) => op)).toEqual(['matmul', 'reduce', 'map', 'map', 'reduce', 'map']);
    expect(parts.at(-1)!.value.toArray()).toEqual(steps[1]!.value.toArray());
  });

  it('shows batch normalization stage by stage (lecture 002): mean, what is left without it, variance, factor, scaled and shifted', async () => {
    const row = { shape: [1, 1], dtype: 'f32' } as const;
    const program = trace(
      { x: { shape: [3, 1], dtype: 'f32' }, gamma: row, beta: row },
      ({ x, gamma, beta }) => normalize(x, gamma, beta, { axes: [0], epsilon: 0 }).y,
    );
    const inputs = { x: ndarray([[1], [2], [6]]), gamma: ndarray([[2]]), beta: ndarray([[-1]]) };
    const stages = await collect(
      stepThrough(
        lower(program, () => false),
        {},
        inputs,
      ),
    );
    const values = stages.map(({ value }) => [...value.data]);
    const factor = 1 / Math.sqrt(14 / 3);
    const expected = [[3], [-2, -1, 3], [14 / 3], [factor], [-4 * factor - 1, -2 * factor - 1, 6 * factor - 1]];
    for (const stage of expected) expect(values).toContainEqual(stage.map((value) => expect.closeTo(value, 12)));
    expect(values.at(-1)).toEqual(expected.at(-1)!.map((value) => expect.closeTo(value, 12)));
  });

  it('shows the source line of programs traced for debugging', async () => {
    const program = trace({ x: vector }, ({ x }) => sum(sub(x, 1)), { debug: true });
    const [first] = await collect(stepThrough(program, {}, { x: ndarray([1, 2]) }));
    expect(first!.source).toContain('stepThrough.test.ts');
  });

  it('refuses inputs and variables that do not fit, before the first step', async () => {
    const x = ndarray([1, 1]);
    await expect(collect(stepThrough(example(), { shift: ndarray([1, 1]) }, {}))).rejects.toThrow(/input "x" was not given/);
    await expect(collect(stepThrough(example(), { shift: ndarray([1, 1]) }, { x: ndarray([1]) }))).rejects.toThrow(ShapeError);
    await expect(collect(stepThrough(example(), {}, { x }))).rejects.toThrow(ConfigError);
    await expect(collect(stepThrough(example(), { shift: ndarray([1]) }, { x }))).rejects.toThrow(/Variable "shift"/);
  });
});
