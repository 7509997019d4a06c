// Training for several steps beside the reference: every optimizer, loss, metric, regularizer and clipping, a model with batch
// normalization and dropout, inference with what was trained, a change of the backend on the way.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, Layer, NdArray, Program, Tensor } from '@nn/core';
import { NdArray as HostArray, fillBits, fillVariables, full, inferenceProgram, printProgram, streamKey } from '@nn/core';
import { batchNorm, conv2d, dense, dropout, flatten, layerNorm, maxPool2d, relu, sequential, tanh } from '@nn/layers';
import { adam, sgd } from '@nn/optim';
import type { TrainingProgramOptions } from '@nn/train';
import { accuracy, createTrainer, meanSquaredError, softmaxCrossEntropy, trainingProgram, trainingVariables } from '@nn/train';
import { compareTensor } from '../golden/compare.ts';
import { execute, readAll } from '../golden/execute.ts';
import { goldenTensor } from '../golden/format.ts';
import { TrainingRun } from '../golden/training.ts';
import { largest } from '../gradients/agreement.ts';
import { changedReference } from '../gradients/changedReference.ts';
import type { GradientProblem } from '../gradients/problem.ts';
import { roundingPattern, withRounding } from '../gradients/rounding.ts';
import type { Draw } from '../samples/arrays.ts';
import { integers } from '../samples/arrays.ts';
import {
  constraintSamples,
  lossSamplesOf,
  metricSamplesOf,
  optimizerSamples,
  regularizerSamples,
  transformSamples,
} from '../samples/training.ts';
import type { CaseOutcome, ConformanceCase, Tier } from './contract.ts';
import { problemCases } from './opCases.ts';
import { once } from './once.ts';
import { worstOf } from './programCase.ts';
import { shaderRoom } from './shaderErrors.ts';

/** All cases of training. */
export function trainingCases(draw: Draw): ConformanceCase[] {
  return [...objectiveCases(draw), ...recipeCases(draw), trainingAndInference(draw), ...movingCases(draw)];
}

/** Losses and metrics of a batch, values and gradients. */
function objectiveCases(draw: Draw): ConformanceCase[] {
  const losses = Object.entries(lossSamplesOf(draw)).flatMap(([name, samples]) =>
    samples.flatMap(({ title, made, prediction, target }) =>
      problemCases({
        problem: judgement(title, prediction, target, (guess, wanted) => [made.apply(guess, wanted)]),
        name: `loss ${name}`,
        subject: `loss ${name}`,
      }),
    ),
  );
  const metrics = Object.entries(metricSamplesOf(draw)).flatMap(([name, samples]) =>
    samples.flatMap(({ title, made, prediction, target }) =>
      problemCases({
        problem: {
          ...judgement(title, prediction, target, (guess, wanted) => Object.values(made.accumulate(guess, wanted))),
          by: [],
          exact: true,
        },
        name: `metric ${name}`,
        subject: `metric ${name}`,
      }),
    ),
  );
  return [...losses, ...metrics];
}

function judgement(
  title: string,
  prediction: NdArray,
  target: NdArray,
  judge: (prediction: Tensor, target: Tensor) => readonly Tensor[],
): GradientProblem {
  return {
    title,
    inputs: { prediction, target },
    variables: {},
    by: ['prediction'],
    exact: false,
    stopsGradient: false,
    record: (trace) => judge(trace.input('prediction', prediction), trace.input('target', target)),
  };
}

/** A training with its data. */
export interface Training {
  readonly recipe: Omit<TrainingProgramOptions, 'input' | 'target' | 'model' | 'loss' | 'step' | 'metrics'> & {
    readonly model: Layer;
    readonly loss: ReturnType<typeof softmaxCrossEntropy>;
    readonly metrics?: readonly ReturnType<typeof accuracy>[];
  };
  /** Without the batch axis. */
  readonly sample: readonly number[];
  readonly batches: readonly { readonly x: NdArray; readonly y: NdArray }[];
}

function recipeCases(draw: Draw): ConformanceCase[] {
  const model = () => sequential(dense(4), tanh(), dense(2));
  const batches = (count: number): Training['batches'] =>
    Array.from({ length: count }, (_, step) => ({ x: draw.normal(`x${step}`, [6, 3]), y: draw.normal(`y${step}`, [6, 2]) }));
  const regression = { sample: [3], batches: batches(5) };
  const base = { model: model(), loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }) };
  return [
    ...samplesOf(optimizerSamples, 'optimizer', (optimizer) => ({ ...regression, recipe: { ...base, optimizer } })),
    ...samplesOf(transformSamples, 'gradient transform', (transform) => ({
      ...regression,
      recipe: { ...base, gradientTransforms: [transform] },
    })),
    ...samplesOf(regularizerSamples, 'regularizer', (regularizer) => ({
      ...regression,
      recipe: { ...base, rules: [{ match: '**/kernel', regularizer }] },
    })),
    ...samplesOf(constraintSamples, 'constraint', (constraint) => ({
      ...regression,
      recipe: { ...base, rules: [{ match: '**/kernel', constraint }] },
    })),
    trainingCase('layer batchNorm', 'a classifier with batchNorm and dropout, 8 steps', () => classifier(draw, 8)),
    trainingCase('layer layerNorm', 'a classifier with layerNorm, 8 steps', () => ({
      ...classifier(draw, 8),
      recipe: { ...classifier(draw, 8).recipe, model: sequential(dense(9), layerNorm(), tanh(), dense(4)) },
    })),
    trainingCase('layer conv2d', 'a small convolutional network, 4 steps', () => convolutional(draw, 4)),
    trainingCase('layer batchNorm', 'a classifier with batchNorm and dropout, 40 steps', () => classifier(draw, 40), 'full'),
  ];
}

function samplesOf<Made>(
  table: Readonly<Record<string, readonly { readonly title: string; readonly made: Made }[]>>,
  what: string,
  trainingOf: (made: Made) => Training,
): ConformanceCase[] {
  return Object.entries(table).flatMap(([name, samples]) =>
    samples.map(({ title, made }) => trainingCase(`${what} ${name}`, `${title}, 5 steps`, () => trainingOf(made))),
  );
}

/** Batch normalization and dropout between two dense layers. */
export function classifier({ normal }: Draw, steps: number): Training {
  return {
    recipe: {
      model: sequential(dense(9, { bias: false }), batchNorm(), relu(), dropout({ rate: 0.3 }), dense(4)),
      loss: softmaxCrossEntropy(),
      optimizer: adam({ learningRate: 0.01 }),
      metrics: [accuracy()],
    },
    sample: [5],
    batches: Array.from({ length: steps }, (_, step) => ({
      x: normal(`x${step}`, [7, 5], { mean: 2, deviation: 3 }),
      y: integers(...[0, 3, 1, 2, 2, 0, 1].map((label) => (label + step) % 4)),
    })),
  };
}

function convolutional({ normal }: Draw, steps: number): Training {
  return {
    recipe: {
      model: sequential(conv2d(3, { window: 3, padding: 'same', bias: false }), batchNorm(), relu(), maxPool2d(), flatten(), dense(2)),
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
    },
    sample: [6, 4, 1],
    batches: Array.from({ length: steps }, (_, step) => ({ x: normal(`image${step}`, [3, 6, 4, 1]), y: integers(step % 2, 1, 0) })),
  };
}

function trainingCase(subject: string, title: string, trainingOf: () => Training, tier: Tier = 'quick'): ConformanceCase {
  const expected = once(async () => expectedOf(trainingOf()));
  const expectedOfShaders = once(async () => withShaderRoom(await expected(), trainingOf()));
  return {
    id: `training/${subject}/${title}`,
    level: 'training',
    subject,
    tier,
    run: async ({ backend, factor }) => {
      const training = trainingOf();
      const wanted = await (backend.capabilities.accuracy === 'shader' ? expectedOfShaders() : expected());
      return compareAll(await train(backend, training), wanted, { factor, program: programOf(training) });
    },
  };
}

interface ExpectedTraining {
  readonly value: NdArray;
  readonly atol: number;
  /** What shaders may be off beside that. */
  readonly room?: number;
}

/**
 * What the reference finds, and eight times how far that moves when starting values and data move by half a unit in the last place, or
 * what is computed on the way.
 */
async function expectedOf(training: Training): Promise<Map<string, ExpectedTraining>> {
  const reference = referenceBackend();
  try {
    const exact = await train(reference, training);
    const moved: Map<string, NdArray>[] = [];
    for (let pattern = 0; pattern < 6; pattern++) {
      const rounding = changedReference(withRounding, { [roundingPattern]: full([], pattern) });
      moved.push(await train(rounding, training, (array, name) => shifted(array, name, pattern)));
      await rounding.dispose();
    }
    return new Map(
      [...exact].map(([name, value]) => {
        const scale = largest(value, Math.abs);
        const movement = moved.map((results) => {
          const other = results.get(name)!.data;
          return largest(value, (element, index) => Math.abs(element - other[index]!));
        });
        return [name, { value, atol: Math.max(2e-6 * scale, 8 * Math.max(...movement)) }];
      }),
    );
  } finally {
    await reference.dispose();
  }
}

async function withShaderRoom(expected: ReadonlyMap<string, ExpectedTraining>, training: Training): Promise<Map<string, ExpectedTraining>> {
  const room = await shaderRoom((backend) => train(backend, training));
  return new Map([...expected].map(([name, wanted]) => [name, { ...wanted, room: room.get(name) ?? 0 }]));
}

/** Losses, gradient norms, metrics and every variable after the last step. */
function compareAll(
  actual: ReadonlyMap<string, NdArray>,
  expected: ReadonlyMap<string, ExpectedTraining>,
  { factor, program }: { factor: number; program: Program },
): CaseOutcome {
  const outcomes = [...expected].map(([name, { value, atol, room }]): CaseOutcome => {
    const { ok, reason, worst } = compareTensor(actual.get(name)!, goldenTensor(value), { tolerance: { rtol: 1e-5, atol }, factor, room });
    const figures = worst === undefined ? {} : { measured: worst.error, allowed: worst.allowed };
    if (ok) return figures;
    const evidence = { program: printProgram(program), expected: String(value), actual: String(actual.get(name)) };
    return { ...figures, reason: `${name}: ${reason}`, evidence };
  });
  return outcomes.find(({ reason }) => reason !== undefined) ?? worstOf(outcomes);
}

const trainingSeed = 5;

function programOf({ recipe, batches }: Training): Program {
  return trainingProgram({ ...recipe, input: batches[0]!.x, target: batches[0]!.y });
}

function startingValues({ recipe, sample }: Training): Record<string, NdArray> {
  return fillVariables(trainingVariables({ ...recipe, input: { shape: sample, dtype: 'f32' } }), trainingSeed);
}

type Change = (array: NdArray, name: string) => NdArray;

/** Trains on all batches: what each step gives, and every variable after the last. */
export async function train(backend: Backend, training: Training, change: Change = (array) => array): Promise<Map<string, NdArray>> {
  const variables = Object.entries(startingValues(training)).map(([name, array]) => [name, change(array, name)] as const);
  const run = await TrainingRun.start(backend, programOf(training), Object.fromEntries(variables));
  try {
    const results = new Map<string, NdArray>();
    const { learningRate } = training.recipe.optimizer;
    for (const [index, { x, y }] of training.batches.entries()) {
      const step = index + 1;
      const rate = typeof learningRate === 'number' ? learningRate : learningRate(step);
      const outputs = await run.step({ x: change(x, `x${step}`), y }, rate);
      for (const name of run.outputNames) results.set(`${name} of step ${step}`, await outputs.read(name));
    }
    for (const [name, value] of await readAll(run.store.names, run.store)) results.set(`variable ${name}`, value);
    return results;
  } finally {
    await run.dispose();
  }
}

/** f32 values up or down by half a unit in the last place. */
function shifted({ data, shape, dtype }: NdArray, name: string, pattern: number): NdArray {
  if (dtype !== 'f32') return new HostArray(data, shape, dtype);
  const bits = new Uint32Array(data.length);
  fillBits(streamKey(3, `${name} ${pattern}`, 0, 0), bits);
  return new HostArray(
    Float64Array.from(data, (value, index) => value * (1 + (bits[index]! >>> 31 === 0 ? 2 ** -24 : -(2 ** -24)))),
    shape,
    dtype,
  );
}

/** Inference with what was trained, over the same store: the reference's answers, and no variable moves. */
function trainingAndInference(draw: Draw): ConformanceCase {
  return {
    id: 'training/inference/with trained variables',
    level: 'training',
    subject: 'inference',
    tier: 'quick',
    async run({ backend, factor }) {
      const training = classifier(draw, 4);
      const variables = Object.fromEntries(
        [...(await train(backend, training))].flatMap(([name, value]) => (name.startsWith('variable ') ? [[name.slice(9), value]] : [])),
      );
      const x = draw.normal('inference', [3, 5], { mean: 2, deviation: 3 });
      const program = inferenceProgram({ model: training.recipe.model, input: x });
      const used = Object.fromEntries(Object.keys(program.variables).map((name) => [name, variables[name]!]));
      const reference = referenceBackend();
      const { outputs } = await execute(reference, program, { inputs: { x }, variables: used });
      await reference.dispose();
      const actual = await execute(backend, program, { inputs: { x }, variables: used });
      const changed = Object.entries(used).find(([name, value]) => !sameBits(value, actual.variables.get(name)!));
      if (changed !== undefined) return { reason: `inference changed the variable ${changed[0]}` };
      const expected = new Map([...outputs].map(([name, value]) => [name, { value, atol: 2e-6 }]));
      return compareAll(actual.outputs, expected, { factor, program });
    },
  };
}

export function sameBits(a: NdArray, b: NdArray): boolean {
  return a.data.every((value, index) => Object.is(value, b.data[index]));
}

/** A trainer that moves between the reference and the backend in the middle: losses as if it had stayed. */
function movingCases({ normal }: Draw): ConformanceCase[] {
  const x = normal('rows', [24, 5], { mean: 1, deviation: 2 });
  const y = integers(...Array.from({ length: 24 }, (_, row) => row % 3));
  const losses = async (start: Backend, next: Backend): Promise<number[]> => {
    const trainer = await createTrainer({
      model: sequential(dense(8, { bias: false }), batchNorm(), relu(), dropout({ rate: 0.25 }), dense(3)),
      loss: softmaxCrossEntropy(),
      optimizer: adam({ learningRate: 0.01 }),
      backend: start,
      seed: 4,
    });
    try {
      const first = await trainer.fit({ x, y }, { epochs: 2, batchSize: 8 });
      await trainer.moveTo(next);
      const second = await trainer.fit({ x, y }, { epochs: 2, batchSize: 8 });
      return [...first.epochs, ...second.epochs].map(({ loss }) => loss);
    } finally {
      await trainer.dispose();
    }
  };
  const moves: readonly { title: string; path: (backend: Backend, reference: Backend) => readonly [Backend, Backend] }[] = [
    { title: 'from the reference', path: (backend, reference) => [reference, backend] },
    { title: 'to the reference', path: (backend, reference) => [backend, reference] },
    { title: 'to itself', path: (backend) => [backend, backend] },
  ];
  return moves.map(({ title, path }) => ({
    id: `training/moveTo/${title}`,
    level: 'training',
    subject: 'moveTo',
    tier: 'quick',
    async run({ backend, factor }) {
      const reference = referenceBackend();
      try {
        const [expected, actual] = [await losses(reference, reference), await losses(...path(backend, reference))];
        const errors = expected.map((loss, epoch) => Math.abs(loss - actual[epoch]!));
        const measured = Math.max(...errors);
        const allowed = factor * 1e-5 * Math.max(...expected);
        if (measured <= allowed) return { measured, allowed };
        const evidence = { expected: expected.join(', '), actual: actual.join(', ') };
        return { reason: `the losses of the epochs are off by ${measured}, ${allowed} is allowed`, measured, allowed, evidence };
      } finally {
        await reference.dispose();
      }
    },
  }));
}
