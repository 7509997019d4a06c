// Optimizers: ten steps on a quadratic function, and steps without a gradient, through the training program.
import type { Backend, Layer, NdArray, Optimizer, Tensor } from '@nn/core';
import { NdArray as HostArray, fillVariables, gradients, matmul, newTrace, reshape, sum, zeros } from '@nn/core';
import type { StepResult } from '@nn/train';
import { trainingProgram, trainingVariables } from '@nn/train';
import type { Adapter, Results } from '../adapter.ts';
import { caseArray } from '../adapter.ts';
import { numberSetting, textSetting } from '../config.ts';
import { executeEach } from '../execute.ts';
import type { GoldenCase } from '../format.ts';
import { TrainingRun, knownOptimizer } from '../training.ts';

/** A model that is one vector of parameters. It gives them, whatever it is applied to. */
function vector(size: number): Layer {
  return {
    kind: 'vector',
    options: {},
    variables: () => ({ w: { shape: [size], dtype: 'f32', role: 'parameter', init: { from: [], fill: () => zeros([size]) } } }),
    apply: (_x, context) => context.get('w'),
  };
}

/** ½ wᵀA w − bᵀw */
function quadratic(matrix: Tensor, b: Tensor, w: Tensor): Tensor {
  const product = reshape(matmul(matrix, reshape(w, [-1, 1])), w.shape);
  return sum(w.mul(product))
    .mul(0.5)
    .sub(sum(b.mul(w)));
}

/** The gradients at several w, by a program of its own. */
async function gradientsAt(
  backend: Backend,
  problem: Readonly<Record<'A' | 'b', NdArray>>,
  points: readonly NdArray[],
): Promise<NdArray[]> {
  const trace = newTrace();
  const program = trace.run(() => {
    const [matrix, b, w] = [trace.input('A', problem.A), trace.input('b', problem.b), trace.input('w', points[0]!)];
    return trace.finish({ gradient: gradients(quadratic(matrix, b, w), [w])[0]! });
  });
  const runs = points.map((w) => ({ inputs: { ...problem, w }, variables: {} }));
  return (await executeEach(backend, program, runs)).map(({ outputs }) => outputs.get('gradient')!);
}

/** Slots as they begin: not all of them begin at 0. */
function startingValues(recipe: { readonly model: Layer; readonly optimizer: Optimizer }, input: NdArray): Record<string, NdArray> {
  return fillVariables(trainingVariables({ ...recipe, input: { shape: input.shape.slice(1), dtype: input.dtype } }), 0);
}

/** Learning rate of step k, counted from 0: one for all, or a list. */
function ratesOf(golden: GoldenCase, steps: number): number[] {
  const { lr } = golden.config;
  return Array.isArray(lr) ? (lr as number[]) : Array.from({ length: steps }, () => numberSetting(golden, 'lr'));
}

const quadraticSteps: Adapter = async (golden, backend) => {
  const optimizer = knownOptimizer(golden.op);
  const [matrix, b, start] = ['A', 'b', 'w0'].map((name) => caseArray(golden, name)) as [NdArray, NdArray, NdArray];
  const steps = golden.outputs!['losses']!.shape[0]!;
  const recipe = { model: vector(start.size), optimizer: optimizer.make(golden) };
  const program = trainingProgram({
    ...recipe,
    step: ({ batch, apply }): StepResult => ({ loss: quadratic(batch.x, batch.y, apply(batch.x)) }),
    input: matrix,
    target: b,
  });
  const run = await TrainingRun.start(backend, program, { ...startingValues(recipe, matrix), w: start });
  try {
    const [losses, params]: [NdArray[], NdArray[]] = [[], []];
    for (const rate of ratesOf(golden, steps)) {
      const outputs = await run.step({ x: matrix, y: b }, rate);
      losses.push(await outputs.read('loss'));
      params.push(await run.store.read('w'));
    }
    const results = new Map([
      ['outputs/losses', stacked(losses)],
      ['outputs/grads', stacked(await gradientsAt(backend, { A: matrix, b }, [start, ...params.slice(0, -1)]))],
      ['outputs/params', stacked(params)],
    ]);
    for (const [theirs, ours] of Object.entries(optimizer.slots)) {
      const path = `optimizer/w/${ours}`;
      if (run.store.names.includes(path)) results.set(`stateAfter/${theirs}`, await run.store.read(path));
    }
    return results;
  } finally {
    await run.dispose();
  }
};

/** A loss whose gradient is the array given: Σ g · w. */
const givenGradientSteps: Adapter = async (golden, backend) => {
  const [start, gradient] = [caseArray(golden, 'w0'), caseArray(golden, 'grad')];
  const recipe = { model: vector(start.size), optimizer: knownOptimizer(textSetting(golden, 'optimizer')).make(golden) };
  const program = trainingProgram({
    ...recipe,
    step: ({ batch, apply }): StepResult => ({ loss: sum(apply(batch.x).mul(batch.x)) }),
    input: gradient,
    target: gradient,
  });
  const run = await TrainingRun.start(backend, program, { ...startingValues(recipe, gradient), w: start });
  try {
    for (const rate of ratesOf(golden, numberSetting(golden, 'steps'))) await run.step({ x: gradient, y: gradient }, rate);
    return new Map([['outputs/params', await run.store.read('w')]]) satisfies Results;
  } finally {
    await run.dispose();
  }
};

/** Arrays of one shape on top of each other. */
function stacked(arrays: readonly NdArray[]): NdArray {
  const [first] = arrays;
  return new HostArray(Float64Array.from(arrays.flatMap((array) => [...array.data])), [arrays.length, ...(first?.shape ?? [])], 'f32');
}

export const optimizers: Readonly<Record<string, Adapter>> = {
  sgd: quadraticSteps,
  momentum: quadraticSteps,
  adam: quadraticSteps,
  adamw: quadraticSteps,
  rmsprop: quadraticSteps,
  adagrad: quadraticSteps,
  zeroGradient: givenGradientSteps,
};
