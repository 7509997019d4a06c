// Whole trainings: a small classifier for some steps, with everything that can be looked at on the way.
import type { AnyLayer, Backend, Layer, NdArray, Tensor } from '@nn/core';
import { NdArray as HostArray, Session, gradients, inferenceProgram, mean, moments, newTrace, reshape } from '@nn/core';
import { batchNorm, cumulative, dense, elu, ema, leakyRelu, relu, selu, sequential, sigmoid, tanh } from '@nn/layers';
import { l2, softmaxCrossEntropy, trainingProgram } from '@nn/train';
import type { Adapter, NotKept } from '../adapter.ts';
import { caseArray } from '../adapter.ts';
import type { Settings } from '../config.ts';
import {
  NotYet,
  expectSetting,
  flagSetting,
  nestedSettings,
  numberSetting,
  numbersSetting,
  optionalNumber,
  textSetting,
} from '../config.ts';
import { execute } from '../execute.ts';
import type { GoldenCase } from '../format.ts';
import { TrainingRun, knownOptimizer } from '../training.ts';
import { needsNoCount } from './normalization.ts';

const activations: ReadonlyMap<string, () => Layer> = new Map(Object.entries({ relu, leakyRelu, elu, selu, sigmoid, tanh }));

const orders: ReadonlyMap<string, (norm: AnyLayer, activation: AnyLayer) => readonly AnyLayer[]> = new Map([
  ['dense->batchNorm->activation', (norm: AnyLayer, activation: AnyLayer) => [norm, activation]],
  ['dense->activation->batchNorm', (norm: AnyLayer, activation: AnyLayer) => [activation, norm]],
]);

function modelOf(golden: GoldenCase): Layer {
  const sizes = numbersSetting(golden, 'sizes').slice(1);
  const activation = knownEntry(activations, textSetting(golden, 'activation'));
  const bias = flagSetting(golden, 'hiddenBias');
  const hidden = sizes
    .slice(0, -1)
    .flatMap((units) => [dense(units, { bias }), ...afterDense(nestedSettings(golden, 'batchNorm'), activation())]);
  return sequential(...hidden, dense(sizes.at(-1)!));
}

function afterDense(norm: Settings | undefined, activation: AnyLayer): readonly AnyLayer[] {
  if (norm === undefined) return [activation];
  return knownEntry(orders, textSetting(norm, 'order', 'dense->batchNorm->activation'))(normOf(norm), activation);
}

function normOf(settings: Settings): AnyLayer {
  const unbiased = textSetting(settings, 'runningVar', 'unbiased') !== 'biased';
  const runningStatistics =
    settings.config['momentum'] === null ? cumulative({ unbiased }) : ema({ decay: 1 - numberSetting(settings, 'momentum'), unbiased });
  return batchNorm({ epsilon: numberSetting(settings, 'eps'), runningStatistics });
}

/** @throws NotYet for a name that is not there */
function knownEntry<Entry>(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (entry === undefined) throw new NotYet(name);
  return entry;
}

/** Names of variables within a layer, ours by theirs. */
const localNames: Readonly<Record<string, string>> = {
  W: 'kernel',
  b: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  runningMean: 'runningMean',
  runningVar: 'runningVariance',
  numBatchesTracked: 'count',
};

const kinds: Readonly<Record<string, string>> = { dense: 'dense', bn: 'batchNorm' };

/** The path of a variable: `dense0.W` is `dense1/kernel`; undefined for what is no variable (`x3`). */
function pathOf(name: string): string | undefined {
  const [, kind, ordinal, local] = /^(dense|bn)(\d+)\.(\w+)$/.exec(name) ?? [];
  return kind === undefined ? undefined : `${kinds[kind]}${Number(ordinal) + 1}/${localNames[local!]}`;
}

/** Starting values by path. */
function variablesOf(golden: GoldenCase): Record<string, NdArray> {
  const names = [...Object.keys(golden.inputs), ...Object.keys(golden.stateBefore ?? {})];
  const found = names.flatMap((name) => {
    const path = pathOf(name);
    return path === undefined ? [] : [[path, caseArray(golden, name)] as const];
  });
  return Object.fromEntries(found);
}

const trajectory: Adapter = async (golden, backend) => {
  expectSetting(golden, 'loss', 'softmaxCrossEntropy mean');
  const loss = softmaxCrossEntropy({ labelSmoothing: optionalNumber(golden, 'labelSmoothing', 0) });
  const decay = optionalNumber(golden, 'l2', 0);
  const settings = nestedSettings(golden, 'optimizer') ?? golden;
  const model = modelOf(golden);
  const variables = variablesOf(golden);
  const batch = (step: number): { x: NdArray; y: NdArray } => ({ x: caseArray(golden, `x${step}`), y: caseArray(golden, `labels${step}`) });
  const results = new Map<string, NdArray | NotKept>(await firstStep(golden, backend, model, batch(0)));

  const program = trainingProgram({
    model,
    loss,
    optimizer: knownOptimizer(textSetting(settings, 'name')).make(settings),
    rules: decay === 0 ? [] : [{ match: '**/kernel', regularizer: l2(decay) }],
    input: batch(0).x,
    target: batch(0).y,
  });
  const run = await TrainingRun.start(backend, program, variables);
  try {
    const [losses, norms]: [number[], number[]] = [[], []];
    for (let step = 0; step < numberSetting(golden, 'steps'); step++) {
      const outputs = await run.step(batch(step), numberSetting(settings, 'lr'));
      losses.push((await outputs.read('loss')).item());
      norms.push((await outputs.read('gradientNorm')).item());
      for (const name of Object.keys(golden.paramsAfter?.[step + 1] ?? {})) {
        results.set(`paramsAfter/${step + 1}/${name}`, await run.store.read(pathOf(name)!));
      }
    }
    results.set('outputs/losses', row(losses)).set('outputs/gradNorms', row(norms));
    for (const name of Object.keys(golden.stateAfter ?? {})) {
      const path = pathOf(name)!;
      const counts = path.endsWith(`/${localNames['numBatchesTracked']}`);
      results.set(`stateAfter/${name}`, counts && !run.store.names.includes(path) ? needsNoCount : await run.store.read(path));
    }
    const trained = Object.fromEntries(
      await Promise.all(Object.keys(variables).map(async (path) => [path, await run.store.read(path)] as const)),
    );
    const x = caseArray(golden, 'xEval');
    const evaluation = await execute(backend, inferenceProgram({ model, input: x }), { inputs: { x }, variables: trained });
    return results.set('outputs/evalLogits', evaluation.outputs.get('y')!);
  } finally {
    await run.dispose();
  }
};

/** What the untrained model makes of the first batch: logits, moments of its hidden activations, gradients. */
async function firstStep(
  golden: GoldenCase,
  backend: Backend,
  model: Layer,
  batch: { x: NdArray; y: NdArray },
): Promise<Map<string, NdArray>> {
  const loss = softmaxCrossEntropy({ labelSmoothing: optionalNumber(golden, 'labelSmoothing', 0) });
  const names = Object.keys(golden.firstGrads ?? {});
  const trace = newTrace();
  const session = new Session(trace, { training: true });
  const program = trace.run(() => {
    const logits = session.apply('', model, trace.input('x', batch.x));
    const parameters = names.map((name) => {
      const path = pathOf(name)!;
      return trace.readVariable(path, { shape: session.declared.get(path)!.shape, dtype: 'f32' });
    });
    const found = gradients(mean(loss.apply(logits, trace.input('y', batch.y))), parameters);
    const hidden = [...session.values]
      .filter(([path]) => path.startsWith(textSetting(golden, 'activation')))
      .map(([, value]) => value as Tensor);
    const outputs: [string, Tensor][] = [
      ['outputs/firstLogits', logits],
      ...names.map((name, index) => [`firstGrads/${name}`, found[index]!] as [string, Tensor]),
    ];
    hidden.forEach((value, index) => {
      const { mean: average, variance } = moments(value, [0, 1]);
      outputs.push([`mean/${index}`, reshape(average, [])], [`variance/${index}`, reshape(variance, [])]);
    });
    return trace.finish(Object.fromEntries(outputs));
  });
  const { outputs } = await execute(backend, program, { inputs: { x: batch.x, y: batch.y }, variables: variablesOf(golden) });
  const figures = (prefix: string): NdArray =>
    row([...outputs].flatMap(([name, value]) => (name.startsWith(`${prefix}/`) ? [value.item()] : [])));
  const moved = [...outputs].filter(([name]) => !name.startsWith('mean/') && !name.startsWith('variance/'));
  return new Map([...moved, ['outputs/firstActMean', figures('mean')], ['outputs/firstActVar', figures('variance')]]);
}

function row(values: readonly number[]): NdArray {
  return new HostArray(Float64Array.from(values), [values.length], 'f32');
}

export const trajectories: Readonly<Record<string, Adapter>> = { trainTrajectory: trajectory };
