// Training programs worked out by hand on y = w x: updates, penalties, rules, transforms, custom steps, steps that are left out.
import type { Constraint, Layer, LossFunction, Tensor, TensorSpec } from '@nn/core';
import { maximum, mean, mul, square, stopGradient, sub } from '@nn/core';
import { constant } from '@nn/initializers';
import { batchNorm, block, dense, dropout, sequential } from '@nn/layers';
import { adam, clipByNorm, sgd } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { softmaxCrossEntropy } from '../losses/softmaxCrossEntropy.ts';
import { accuracy } from '../metrics/accuracy.ts';
import { l1 } from '../rules/l1.ts';
import { l2 } from '../rules/l2.ts';
import { maxNorm } from '../rules/maxNorm.ts';
import { runSteps } from '../testing/runProgram.ts';
import type { Recipe, StepFunction } from './recipe.ts';
import { trainingProgram } from './trainingProgram.ts';

/** y = w x for numbers. */
const line = sequential(dense(1, { bias: false }));
const batch: { input: TensorSpec; target: TensorSpec } = {
  input: { shape: [2, 1], dtype: 'f32' },
  target: { shape: [2, 1], dtype: 'f32' },
};
const samples = { x: [[1], [3]], y: [[2], [2]] };
const start = { 'dense1/kernel': [[2]] };
// At w = 2 the errors are 0 and 4: the loss is 8, its derivative (2·0·1 + 2·4·3) / 2 = 12.

async function oneStep(recipe: Partial<Recipe>, learningRate = 0.1, variables: Record<string, number[][]> = {}) {
  const program = trainingProgram({ model: line, loss: meanSquaredError(), optimizer: sgd(), ...recipe, ...batch } as Recipe &
    typeof batch);
  const { outputs, variables: after } = await runSteps(program, { ...start, ...variables }, [{ ...samples, learningRate }]);
  return { outputs: outputs[0]!, kernel: (after[0]!['dense1/kernel'] as number[][])[0]![0]!, variables: after[0]! };
}

describe('trainingProgram', () => {
  it('names inputs, variables and outputs as it says', () => {
    const program = trainingProgram({
      model: sequential(dense(3), batchNorm()),
      loss: softmaxCrossEntropy(),
      optimizer: adam(),
      metrics: [accuracy(), accuracy()],
      input: { shape: [4, 2], dtype: 'f32' },
      target: { shape: [4], dtype: 'i32' },
    });
    expect(Object.keys(program.inputs)).toEqual(['x', 'y', 'seed', 'step', 'learningRate']);
    expect(Object.keys(program.outputs)).toEqual([
      'loss',
      'gradientNorm',
      'finite',
      'metric/accuracy/correct',
      'metric/accuracy/total',
      'metric/accuracy2/correct',
      'metric/accuracy2/total',
    ]);
    const moments = ['dense1/kernel', 'dense1/bias', 'batchNorm1/gamma', 'batchNorm1/beta'].flatMap((path) => [
      `optimizer/${path}/m`,
      `optimizer/${path}/v`,
    ]);
    const model = [
      'dense1/kernel',
      'dense1/bias',
      'batchNorm1/gamma',
      'batchNorm1/beta',
      'batchNorm1/runningMean',
      'batchNorm1/runningVariance',
    ];
    expect(new Set(Object.keys(program.variables))).toEqual(new Set([...model, ...moments]));
  });

  it('takes the mean over the batch and updates by the gradient', async () => {
    const { outputs, kernel } = await oneStep({});
    expect(outputs).toEqual({ loss: 8, gradientNorm: 12, finite: true });
    expect(kernel).toBeCloseTo(2 - 0.1 * 12, 6);
  });

  it('takes a loss function that gives one number per sample, or one for all', async () => {
    const perSample: LossFunction = (prediction, target) => mean(square(sub(prediction, target)), 1);
    const reduced: LossFunction = (prediction, target) => mean(square(sub(prediction, target)));
    expect((await oneStep({ loss: perSample })).outputs['loss']).toBe(8);
    expect((await oneStep({ loss: reduced })).kernel).toBe((await oneStep({ loss: perSample })).kernel);
  });

  it('adds penalties to the loss and their gradients to the gradient', async () => {
    const { outputs, kernel } = await oneStep({ rules: [{ match: '**/kernel', regularizer: l2(0.5) }] });
    expect(outputs).toMatchObject({ loss: 8 + 0.5 * 4, gradientNorm: 12 + 2 * 0.5 * 2 });
    expect(kernel).toBeCloseTo(2 - 0.1 * 14, 6);
  });

  it('applies constraints after the update and rate factors to it', async () => {
    const atLeastOne: Constraint = { kind: 'atLeastOne', options: {}, apply: (parameter) => maximum(parameter, 1) };
    expect((await oneStep({ rules: [{ match: '**', constraint: atLeastOne }] })).kernel).toBe(1);
    expect((await oneStep({ rules: [{ match: '**', learningRate: 0.5 }] })).kernel).toBeCloseTo(2 - 0.05 * 12, 6);
  });

  it('takes a proximal step in place of the gradient of a penalty, before constraints', async () => {
    const rules = [{ match: '**/kernel', regularizer: l1(2, { proximal: true }) }];
    const { outputs, kernel } = await oneStep({ rules });
    expect(outputs).toMatchObject({ loss: 8 + 2 * 2, gradientNorm: 12 });
    expect(kernel).toBeCloseTo(2 - 0.1 * 12 - 0.1 * 2, 6);
    const halved = await oneStep({ rules: [...rules, { match: '**', learningRate: 0.5, constraint: maxNorm(1) }] });
    expect(halved.kernel).toBe(1);
    expect((await oneStep({ rules: [...rules, { match: '**', learningRate: 0.5 }] })).kernel).toBeCloseTo(2 - 0.05 * 12 - 0.05 * 2, 6);
    expect((await oneStep({ rules: [{ match: '**', regularizer: l1(200, { proximal: true }) }] })).kernel).toBe(0);
  });

  it('transforms gradients after their norm was taken', async () => {
    const { outputs, kernel } = await oneStep({ gradientTransforms: [clipByNorm(3)] });
    expect(outputs['gradientNorm']).toBe(12);
    expect(kernel).toBeCloseTo(2 - 0.1 * 3, 6);
  });

  it('does not write frozen parameters, nor has slots for them', () => {
    const program = trainingProgram({
      model: sequential(dense(1), dense(1)),
      loss: meanSquaredError(),
      optimizer: adam(),
      rules: [{ match: 'dense1/*', frozen: true }],
      ...batch,
    });
    expect(program.variables['dense1/kernel']?.write).toBeUndefined();
    expect(Object.keys(program.variables).filter((name) => name.startsWith('optimizer/'))).toEqual([
      'optimizer/dense2/kernel/m',
      'optimizer/dense2/kernel/v',
      'optimizer/dense2/bias/m',
      'optimizer/dense2/bias/v',
    ]);
  });

  it('adds the gradients of a layer that is used twice and updates it once', async () => {
    const shared = dense(1, { bias: false, kernelInitializer: constant(2) });
    // w² x: at w = 2 the errors are 2 and 10, the derivative (2·2·4·1 + 2·10·4·3) / 2 = 128.
    const model = block((x, call) => call('line', shared, call('line', shared, x)));
    const program = trainingProgram({ model, loss: meanSquaredError(), optimizer: sgd(), ...batch });
    const { outputs, variables } = await runSteps(program, { 'line/kernel': [[2]] }, [{ ...samples, learningRate: 0.01 }]);
    expect(outputs[0]).toMatchObject({ gradientNorm: 128 });
    expect((variables[0]!['line/kernel'] as number[][])[0]![0]).toBeCloseTo(2 - 0.01 * 128, 6);
  });

  it('gives a parameter that the loss does not use a zero gradient', async () => {
    const idle: Layer = {
      kind: 'idle',
      options: {},
      variables: () => ({ unused: { shape: [2], dtype: 'f32', role: 'parameter', init: constant(0) } }),
      apply: (x) => x,
    };
    const program = trainingProgram({
      model: sequential(dense(1, { bias: false }), idle),
      loss: meanSquaredError(),
      optimizer: sgd(),
      ...batch,
    });
    const { variables } = await runSteps(program, { ...start, 'idle1/unused': [5, 6] }, [{ ...samples, learningRate: 0.1 }]);
    expect(variables[0]!['idle1/unused']).toEqual([5, 6]);
  });

  it.each(['error', 'skip'] as const)('says when a step is not finite, with onNonFinite: %s', async (onNonFinite) => {
    const infinite: LossFunction = (prediction, target) => mul(mean(square(sub(prediction, target))), Infinity);
    const slots = { 'optimizer/dense1/kernel/velocity': [[0.25]] };
    const { outputs, variables } = await oneStep({ loss: infinite, optimizer: sgd({ momentum: 0.9 }), onNonFinite }, 0.1, slots);
    expect(outputs['finite']).toBe(false);
    if (onNonFinite === 'skip') expect(variables).toEqual({ ...start, ...slots });
    else expect(variables['dense1/kernel']).not.toEqual(start['dense1/kernel']);
  });

  it('keeps running statistics too when a step is left out', async () => {
    const model = sequential(dense(1, { bias: false }), batchNorm());
    const program = trainingProgram({ model, loss: meanSquaredError(), optimizer: sgd(), onNonFinite: 'skip', ...batch });
    const before = {
      ...start,
      'batchNorm1/gamma': [1],
      'batchNorm1/beta': [0],
      'batchNorm1/runningMean': [0.5],
      'batchNorm1/runningVariance': [2],
    };
    const { variables } = await runSteps(program, before, [
      { x: [[NaN], [1]], y: samples.y, learningRate: 0.1 },
      { ...samples, learningRate: 0.1 },
    ]);
    expect(variables[0]).toEqual(before);
    expect(variables[1]!['batchNorm1/runningMean']).not.toEqual(before['batchNorm1/runningMean']);
  });

  it('draws other masks in every step, the same ones for the same seed', async () => {
    const model = sequential(dropout({ rate: 0.5 }), dense(1, { bias: false }));
    const wide = { input: { shape: [64, 1], dtype: 'f32' }, target: { shape: [64, 1], dtype: 'f32' } } as const;
    const program = trainingProgram({ model, loss: meanSquaredError(), optimizer: sgd(), ...wide });
    const x = Array.from({ length: 64 }, (_, row) => [row]);
    const steps = (seed: number) =>
      runSteps(
        program,
        start,
        [0, 0].map(() => ({ x, y: x, seed })),
      );
    const [first, again, other] = [await steps(1), await steps(1), await steps(2)];
    expect(first.outputs).toEqual(again.outputs);
    expect(first.outputs[0]).not.toEqual(first.outputs[1]);
    expect(first.outputs[0]).not.toEqual(other.outputs[0]);
  });

  it('refuses to train nothing', () => {
    const recipe = { loss: meanSquaredError(), optimizer: sgd(), ...batch };
    expect(() => trainingProgram({ model: sequential(dropout()), ...recipe })).toThrow('There is nothing to train');
    expect(() => trainingProgram({ model: line, rules: [{ match: '**', frozen: true }], ...recipe })).toThrow('the rules freeze them all');
  });

  it('refuses a loss of another shape, and a factory that was not called', () => {
    const recipe = { model: line, optimizer: sgd(), ...batch };
    expect(() => trainingProgram({ ...recipe, loss: (prediction) => prediction })).toThrow('The loss is f32[2, 1] for 2 samples');
    // @ts-expect-error a factory is no loss
    expect(() => trainingProgram({ ...recipe, loss: () => meanSquaredError() })).toThrow('softmaxCrossEntropy()');
  });
});

describe('a custom step', () => {
  it('says what the loss is and which figures there are', async () => {
    const program = trainingProgram({
      model: line,
      optimizer: sgd(),
      step({ batch: { x, y }, apply }) {
        const errors = sub(apply(x), y);
        return { loss: mean(square(errors)), metrics: { error: mean(errors, 1), squares: mean(square(errors)) } };
      },
      ...batch,
    });
    const { outputs, variables } = await runSteps(program, start, [{ ...samples, learningRate: 0.1 }]);
    expect(outputs[0]).toMatchObject({
      loss: 8,
      'metric/error/sum': 4,
      'metric/error/count': 2,
      'metric/squares/sum': 16,
      'metric/squares/count': 2,
    });
    expect((variables[0]!['dense1/kernel'] as number[][])[0]![0]).toBeCloseTo(0.8, 6);
  });

  it('may apply the model several times', async () => {
    // The second use is the target of the first: half the gradient of w x = w · 2x would be.
    const program = trainingProgram({
      model: line,
      optimizer: sgd(),
      step: ({ batch: { x }, apply }) => ({ loss: mean(square(sub(apply(x), stopGradient(apply(mul(x, 2)))))) }),
      ...batch,
    });
    const { outputs } = await runSteps(program, start, [samples]);
    // Errors −2 and −6, derivatives by the first use alone: (2·(−2)·1 + 2·(−6)·3) / 2 = −20.
    expect(outputs[0]).toMatchObject({ loss: 20, gradientNorm: 20 });
  });

  it.each([
    ['another shape', (value: Tensor) => ({ figure: value })],
    ['a name with a slash', (value: Tensor) => ({ 'a/b': mean(value) })],
    ['the name of the loss', (value: Tensor) => ({ loss: mean(value) })],
  ])('is refused when it gives a figure of %s', (_, metrics) => {
    const step: StepFunction = ({ batch: { x }, apply }) => ({ loss: mean(apply(x)), metrics: metrics(apply(x)) });
    expect(() => trainingProgram({ model: line, optimizer: sgd(), step, ...batch })).toThrow(/metric/);
  });
});
