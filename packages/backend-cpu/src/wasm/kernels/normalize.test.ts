// Normalization over any axes with any gamma and beta, and with means far larger than the deviation.
import { NdArray, sum, trace } from '@nn/core';
import type { Backend } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, call, cpu, expectAgreement, expectClose, reference, seeds, someAxes } from '../../testing/compare.ts';

const cases = fc.array(fc.constantFrom(1, 2, 3, 5), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const ones = fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length });
  return fc.record({
    shape: fc.constant(shape),
    axes: someAxes(shape.length),
    gammaOnes: ones,
    betaOnes: ones,
    epsilon: fc.constantFrom(0, 1e-5, 0.1),
    seed: seeds,
  });
});

/** 64 rows of three features: mean `offset`, deviation near 1. */
function shifted(offset: number): NdArray {
  return new NdArray(
    arrayOf([64, 3], 'f32', 5).data.map((value) => value + offset),
    [64, 3],
    'f32',
  );
}

const affine = [arrayOf([1, 3], 'f32', 1), arrayOf([1, 3], 'f32', 2)] as const;

/** More rows and columns than are added up in one piece; the first rows and columns are outliers, far from each other. */
function outliers(): NdArray {
  const [rows, columns] = [150, 530];
  const { data, shape, dtype } = arrayOf([rows, columns], 'f32', 6);
  const far = (index: number): number => (index < 2 ? 1e3 * (index + 1) : 0);
  return new NdArray(
    data.map((value, index) => value + 100 + far(Math.floor(index / columns)) + far(index % columns)),
    shape,
    dtype,
  );
}

describe('normalize', () => {
  it('agrees with its decomposition, whatever the axes and the shapes of gamma and beta', async () => {
    const check = fc.asyncProperty(cases, async ({ shape, axes, gammaOnes, betaOnes, epsilon, seed }) => {
      const stretch = (ones: readonly boolean[]): number[] => shape.map((extent, axis) => (ones[axis] ? 1 : extent));
      const inputs = [
        arrayOf(shape, 'f32', seed),
        arrayOf(stretch(gammaOnes), 'f32', seed + 1),
        arrayOf(stretch(betaOnes), 'f32', seed + 2),
      ];
      await expectAgreement('normalize', { axes, epsilon }, inputs, { relative: 2e-6, absolute: 1e-6 });
    });
    await fc.assert(check, { numRuns: 100 });
  });

  it.each([0, 1e4, 1e6])('is within 1e-5 of float64 at mean %d and deviation 1', async (offset) => {
    const inputs = [shifted(offset), ...affine];
    const [expected, actual] = await Promise.all(
      [reference, cpu].map((backend) => call(backend, 'normalize', { axes: [0], epsilon: 1e-5 }, inputs)),
    );
    expectClose(actual![0]!, expected![0]!, { absolute: 1e-5 });
    expectClose(actual![2]!, expected![2]!, { relative: 1e-6 });
  });

  it.each([[[0]], [[1]]])('of many elements, some of them far from the others, over axes %o', async (axes) => {
    const inputs = [outliers(), arrayOf([1, 530], 'f32', 1), arrayOf([1, 530], 'f32', 2)];
    const [expected, actual] = await Promise.all(
      [reference, cpu].map((backend) => call(backend, 'normalize', { axes, epsilon: 1e-5 }, inputs)),
    );
    for (const output of [0, 1, 2, 5]) expectClose(actual![output]!, expected![output]!, { relative: 1e-6, absolute: 1e-6 });
  });

  it.each([[[0]], [[1]]])('of features that are constant is beta and variance 0 to the bit, over axes %o', async (axes) => {
    const x = new NdArray(new Float32Array(150 * 530).fill(0.1), [150, 530], 'f32');
    const [gamma, beta] = [arrayOf([1, 530], 'f32', 1), arrayOf([1, 530], 'f32', 2)];
    const [y, , variance] = await call(cpu, 'normalize', { axes, epsilon: 0 }, [x, gamma, beta]);
    expect(variance!.data.every((value) => value === 0)).toBe(true);
    expect(y!.data.every((value, index) => value === beta.data[index % 530])).toBe(true);
  });

  it('gives beta and a zero reciprocal deviation for a constant feature without epsilon', async () => {
    const x = new NdArray(new Float32Array([7, 1, 7, 2]), [2, 2], 'f32');
    const [gamma, beta] = [arrayOf([1, 2], 'f32', 3), new NdArray(new Float32Array([5, 6]), [1, 2], 'f32')];
    const [y, , , , , reciprocal] = await call(cpu, 'normalize', { axes: [0], epsilon: 0 }, [x, gamma, beta]);
    expect([y!.data[0], y!.data[2], reciprocal!.data[0]]).toEqual([5, 5, 0]);
  });

  it('keeps a NaN within its feature', async () => {
    const x = arrayOf([4, 3], 'f32', 3);
    x.data[1] = Number.NaN;
    await expectAgreement('normalize', { axes: [0], epsilon: 1e-5 }, [x, ...affine], { relative: 2e-6, absolute: 1e-6 });
    const [y] = await call(cpu, 'normalize', { axes: [0], epsilon: 1e-5 }, [x, ...affine]);
    expect([...y!.data].map(Number.isNaN)).toEqual([0, 1, 2, 3].flatMap(() => [false, true, false]));
  });

  it('of an empty batch is empty', async () => {
    await expectAgreement('normalize', { axes: [0], epsilon: 1e-5 }, [arrayOf([0, 3], 'f32', 1), ...affine]);
  });
});

describe('normalizeGradient', () => {
  it('agrees with its decomposition', async () => {
    const check = fc.asyncProperty(cases, async ({ shape, axes, gammaOnes, epsilon, seed }) => {
      const gamma = arrayOf(
        shape.map((extent, axis) => (gammaOnes[axis] ? 1 : extent)),
        'f32',
        seed + 1,
      );
      const x = arrayOf(shape, 'f32', seed);
      const [, , , center, correction, reciprocal] = await call(cpu, 'normalize', { axes, epsilon }, [x, gamma, gamma]);
      const inputs = [x, gamma, center!, correction!, reciprocal!, arrayOf(shape, 'f32', seed + 2)];
      await expectAgreement('normalizeGradient', { axes }, inputs, { relative: 1e-5, absolute: 1e-5 * Math.max(1, ...reciprocal!.data) });
    });
    await fc.assert(check, { numRuns: 100 });
  });

  it('is right at mean 1e6, where one float32 cannot hold the mean', async () => {
    const x = shifted(1e6);
    const dy = arrayOf([64, 3], 'f32', 8);
    const gradient = async (backend: typeof cpu): Promise<NdArray[]> => {
      const [, , , center, correction, reciprocal] = await call(backend, 'normalize', { axes: [0], epsilon: 1e-5 }, [x, ...affine]);
      return call(backend, 'normalizeGradient', { axes: [0] }, [x, affine[0], center!, correction!, reciprocal!, dy]);
    };
    const [expected, actual] = await Promise.all([gradient(reference), gradient(cpu)]);
    expectClose(actual[0]!, expected[0]!, { absolute: 1e-5 });
    expectClose(actual[1]!, expected[1]!, { absolute: 1e-4 });
  });

  it.each([[[0]], [[1]]])('of many elements, and the sums of dy that it comes by, over axes %o', async (axes) => {
    const x = outliers();
    const gamma = arrayOf([1, 530], 'f32', 1);
    const [, , , center, correction, reciprocal] = await call(cpu, 'normalize', { axes, epsilon: 1e-5 }, [x, gamma, gamma]);
    const inputs = { x, gamma, center: center!, correction: correction!, reciprocal: reciprocal!, dy: arrayOf(x.shape, 'f32', 3) };
    const program = trace(inputs, (given, recording) => {
      const [dx, dGamma] = recording.record('normalizeGradient', { axes }, Object.values(given));
      return { dx: dx!, dGamma: dGamma!, dBeta: sum(given.dy, 0, { keepDims: true }) };
    });
    const results = async (backend: Backend): Promise<NdArray[]> => {
      const executable = await backend.compile(program);
      const outputs = executable.run(await backend.createStore({}), inputs);
      return Promise.all(Object.keys(program.outputs).map((name) => outputs.read(name)));
    };
    const [expected, actual] = await Promise.all([results(reference), results(cpu)]);
    expected.forEach((array, index) => expectClose(actual[index]!, array, { relative: 1e-5, absolute: 3e-5 }));
  });
});
