// Whole trainings: a small classifier for some steps, with everything that can be looked at on the way.
import type { Backend, Layer, Loss, NdArray, Program, Rule, Tensor } from '@nn/core';
import { NdArray as HostArray, Session, gradients, inferenceProgram, matchPath, mean, moments, newTrace, reshape } from '@nn/core';
import { l2, softmaxCrossEntropy, trainingProgram } from '@nn/train';
import type { Adapter, NotKept } from '../adapter.ts';
import { caseArray } from '../adapter.ts';
import { expectSetting, nestedSettings, numberSetting, optionalNumber, textSetting } from '../config.ts';
import { execute, readAll } from '../execute.ts';
import type { GoldenCase } from '../format.ts';
import { TrainingRun, knownOptimizer } from '../training.ts';
import { modelOf, pathOf } from '../trajectoryModel.ts';
import { needsNoCount } from './normalization.ts';

/** What is trained, and on what. */
interface Task {
  readonly golden: GoldenCase;
  readonly model: Layer;
  readonly loss: Loss;
  readonly rules: readonly Rule[];
  /** Starting values by path. */
  readonly variables: Readonly<Record<string, NdArray>>;
}

function taskOf(golden: GoldenCase): Task {
  expectSetting(golden, 'loss', 'softmaxCrossEntropy mean');
  const decay = optionalNumber(golden, 'l2', 0);
  const names = [...Object.keys(golden.inputs), ...Object.keys(golden.stateBefore ?? {})];
  const variables = names.flatMap((name) => {
    const path = pathOf(name);
    return path === undefined ? [] : [[path, caseArray(golden, name)] as const];
  });
  return {
    golden,
    model: modelOf(golden),
    loss: softmaxCrossEntropy({ labelSmoothing: optionalNumber(golden, 'labelSmoothing', 0) }),
    rules: decay === 0 ? [] : [{ match: '**/kernel', regularizer: l2(decay) }],
    variables: Object.fromEntries(variables),
  };
}

function batchOf(golden: GoldenCase, step: number): { x: NdArray; y: NdArray } {
  return { x: caseArray(golden, `x${step}`), y: caseArray(golden, `labels${step}`) };
}

const trajectory: Adapter = async (golden, backend) => {
  const task = taskOf(golden);
  const first = await firstStep(task, backend);
  const { trained, results } = await train(task, backend);
  const x = caseArray(golden, 'xEval');
  const evaluation = await execute(backend, inferenceProgram({ model: task.model, input: x }), { inputs: { x }, variables: trained });
  return new Map([...first, ...results, ['outputs/evalLogits', evaluation.outputs.get('y')!]]);
};

/** What the untrained model makes of the first batch: logits, moments of its hidden activations, gradients. */
async function firstStep(task: Task, backend: Backend): Promise<Map<string, NdArray>> {
  const batch = batchOf(task.golden, 0);
  const { outputs } = await execute(backend, firstStepProgram(task, batch), { inputs: batch, variables: task.variables });
  const figures = (name: string): NdArray => {
    const parts = [...outputs].filter(([output]) => output.startsWith(`${name}/`));
    return row(parts.map(([, value]) => value.item()));
  };
  const arrays = [...outputs].filter(([name]) => !name.startsWith(meanOutput) && !name.startsWith(varianceOutput));
  return new Map([...arrays, [meanOutput, figures(meanOutput)], [varianceOutput, figures(varianceOutput)]]);
}

const meanOutput = 'outputs/firstActMean';
const varianceOutput = 'outputs/firstActVar';

function firstStepProgram({ golden, model, loss, rules }: Task, batch: { x: NdArray; y: NdArray }): Program {
  const trace = newTrace();
  const session = new Session(trace, { training: true });
  return trace.run(() => {
    const logits = session.apply('', model, trace.input('x', batch.x));
    const parameter = (path: string): Tensor => trace.readVariable(path, { shape: session.declared.get(path)!.shape, dtype: 'f32' });
    const penalties = rules.flatMap(({ match, regularizer }) =>
      [...session.declared.keys()].filter((path) => matchPath(match, path)).map((path) => regularizer!.penalty(parameter(path))),
    );
    const total = penalties.reduce((sum, penalty) => sum.add(penalty), mean(loss.apply(logits, trace.input('y', batch.y))));
    const names = Object.keys(golden.firstGrads ?? {});
    const found = gradients(
      total,
      names.map((name) => parameter(pathOf(name)!)),
    );
    const outputs: [string, Tensor][] = [['outputs/firstLogits', logits]];
    names.forEach((name, index) => outputs.push([`firstGrads/${name}`, found[index]!]));
    const activation = textSetting(golden, 'activation');
    const hidden = [...session.values].filter(([path]) => path.startsWith(activation));
    hidden.forEach(([path, value]) => {
      const { mean: average, variance } = moments(value as Tensor, [0, 1]);
      outputs.push([`${meanOutput}/${path}`, reshape(average, [])], [`${varianceOutput}/${path}`, reshape(variance, [])]);
    });
    return trace.finish(Object.fromEntries(outputs));
  });
}

/** All steps: losses and gradient norms, parameters on the way, and the variables in the end. */
async function train({ golden, model, loss, rules, variables }: Task, backend: Backend) {
  const settings = nestedSettings(golden, 'optimizer') ?? golden;
  const { x, y } = batchOf(golden, 0);
  const optimizer = knownOptimizer(textSetting(settings, 'name')).make(settings);
  const run = await TrainingRun.start(backend, trainingProgram({ model, loss, rules, optimizer, input: x, target: y }), variables);
  const results = new Map<string, NdArray | NotKept>();
  try {
    const [losses, norms]: [number[], number[]] = [[], []];
    for (let step = 0; step < numberSetting(golden, 'steps'); step++) {
      const outputs = await run.step(batchOf(golden, step), numberSetting(settings, 'lr'));
      losses.push((await outputs.read('loss')).item());
      norms.push((await outputs.read('gradientNorm')).item());
      const wanted = Object.keys(golden.paramsAfter?.[step + 1] ?? {});
      const parameters = await readAll(
        wanted.map((name) => pathOf(name)!),
        run.store,
      );
      for (const name of wanted) results.set(`paramsAfter/${step + 1}/${name}`, parameters.get(pathOf(name)!)!);
    }
    results.set('outputs/losses', row(losses)).set('outputs/gradNorms', row(norms));
    const after = await readAll(run.store.names, run.store);
    for (const name of Object.keys(golden.stateAfter ?? {})) {
      const path = pathOf(name)!;
      const uncounted = name.endsWith('.numBatchesTracked') && !run.store.names.includes(path);
      results.set(`stateAfter/${name}`, uncounted ? needsNoCount : after.get(path)!);
    }
    return { results, trained: Object.fromEntries(Object.keys(variables).map((path) => [path, after.get(path)!])) };
  } finally {
    await run.dispose();
  }
}

function row(values: readonly number[]): NdArray {
  return new HostArray(Float64Array.from(values), [values.length], 'f32');
}

export const trajectories: Readonly<Record<string, Adapter>> = { trainTrajectory: trajectory };
