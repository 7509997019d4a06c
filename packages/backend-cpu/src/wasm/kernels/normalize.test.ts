// Normalization over any axes with any gamma and beta, and with means far larger than the deviation.
import { identicalArrays, NdArray, sizeOf, sum, trace } from '@nn/core';
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

/** The first rows and columns are outliers, far from each other. */
function outliers(shape: readonly number[]): NdArray {
  const { data, dtype } = arrayOf(shape, 'f32', 6);
  const columns = shape.at(-1)!;
  const far = (index: number): number => (index < 2 ? 1e3 * (index + 1) : 0);
  return new NdArray(
    data.map((value, index) => value + 100 + far(Math.floor(index / columns)) + far(index % columns)),
    shape,
    dtype,
  );
}

/** What layers do, with more rows and columns than are added up in one piece: the shape of x, the axes, and the shape of gamma. */
const forms: readonly (readonly [name: string, shape: readonly number[], axes: readonly number[], gamma: readonly number[]])[] = [
  ['columns', [150, 530], [0], [1, 530]],
  ['columns of many rows', [2501, 37], [0], [1, 37]],
  ['columns of many rows with one gamma', [2501, 37], [0], [1, 1]],
  ['columns of few samples', [3, 1100, 30], [1], [1, 1, 30]],
  ['columns of many samples', [9, 70, 33], [1], [1, 1, 33]],
  ['groups of columns of few samples', [3, 900, 6, 5], [1, 3], [1, 1, 6, 5]],
  ['groups of columns of many samples', [9, 70, 3, 7], [1, 3], [1, 1, 3, 7]],
  ['groups of more columns than a chunk', [2, 70, 2, 300], [1, 3], [1, 1, 2, 300]],
  ['one group of columns', [1, 40, 600], [1, 2], [1, 1, 600]],
  ['rows', [150, 530], [1], [1, 530]],
  ['rows of groups', [90, 6, 13], [2], [1, 6, 13]],
  ['one row', [1, 3001], [1], [1, 3001]],
  ['channels first', [4, 5, 1100], [0, 2], [1, 5, 1]],
  ['groups of channels first', [4, 5, 3, 1100], [2, 3], [1, 5, 3, 1]],
  ['samples, with a gamma of their own', [9, 70, 5], [1], [9, 1, 1]],
];

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

  it.each(forms)('of many elements, some of them far from the others: %s', async (_, shape, axes, ofGamma) => {
    const inputs = [outliers(shape), arrayOf(ofGamma, 'f32', 1), arrayOf(ofGamma, 'f32', 2)];
    const [expected, actual] = await Promise.all(
      [reference, cpu].map((backend) => call(backend, 'normalize', { axes, epsilon: 1e-5 }, inputs)),
    );
    for (const output of [0, 1, 2, 5]) expectClose(actual![output]!, expected![output]!, { relative: 1e-6, absolute: 1e-6 });
  });

  it.each(forms)('of features that are constant is beta and variance 0 to the bit: %s', async (_, shape, axes, ofGamma) => {
    const x = new NdArray(new Float32Array(sizeOf(shape)).fill(0.1), shape, 'f32');
    const [gamma, beta] = [arrayOf(ofGamma, 'f32', 1), arrayOf(ofGamma, 'f32', 2)];
    const [y, , variance] = await call(cpu, 'normalize', { axes, epsilon: 0 }, [x, gamma, beta]);
    expect(variance!.data.every((value) => value === 0)).toBe(true);
    const [stretched] = await call(reference, 'normalize', { axes, epsilon: 0 }, [x, gamma, beta]);
    expect(identicalArrays(y!, stretched!)).toBe(true);
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

  it.each(forms)('of many elements, and the sums of dy that it comes by: %s', async (_, shape, axes, ofGamma) => {
    const x = outliers(shape);
    const gamma = arrayOf(ofGamma, 'f32', 1);
    const [, , , center, correction, reciprocal] = await call(cpu, 'normalize', { axes, epsilon: 1e-5 }, [x, gamma, gamma]);
    const inputs = { x, gamma, center: center!, correction: correction!, reciprocal: reciprocal!, dy: arrayOf(shape, 'f32', 3) };
    const sumAxes = ofGamma.flatMap((extent, axis) => (extent === 1 && shape[axis] !== 1 ? [axis] : []));
    const program = trace(inputs, (given, recording) => {
      const [dx, dGamma] = recording.record('normalizeGradient', { axes }, Object.values(given));
      return { dx: dx!, dGamma: dGamma!, dBeta: sum(given.dy, sumAxes, { keepDims: true }) };
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
