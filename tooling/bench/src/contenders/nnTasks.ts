// The tasks that nn does in Node and in a page alike. A step is one run of one compiled program.
import type { Backend, NdArray, Program, Store } from '@nn/kit';
import {
  NdArray as HostArray,
  adam,
  fillVariables,
  inferenceProgram,
  ndarray,
  softmaxCrossEntropy,
  overDataset,
  trainingProgram,
  trainingVariables,
} from '@nn/kit';
import type { ModelDescription } from '../models.ts';
import type { Task } from '../workloads.ts';
import type { Arrays, Given, Prepared } from './contract.ts';
import type { KernelTask } from './kernelProgram.ts';
import { kernelProgram } from './kernelProgram.ts';
import { networkOf } from './network.ts';

/** Tasks that need no more than a backend. */
export type PlainTask = KernelTask | Extract<Task, { readonly kind: 'training' | 'inference' | 'compile' }>;

/** Prepares a task on a backend. */
export async function prepareTask(
  backend: Backend,
  { task, model, arrays }: Omit<Given, 'task'> & { readonly task: PlainTask },
): Promise<Prepared> {
  switch (task.kind) {
    case 'training':
      return prepareTraining(backend, model, hostArrays(arrays));
    case 'inference':
      return prepareInference(backend, model, hostArrays(arrays));
    case 'compile':
      return prepareCompilation(backend, model, hostArrays(arrays));
    default:
      return prepareKernel(backend, task, hostArrays(arrays));
  }
}

export type HostArrays = Readonly<Record<string, NdArray>>;

export const hostArrays = (arrays: Arrays): HostArrays =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      new HostArray(data, shape, data instanceof Float32Array ? 'f32' : data instanceof Int32Array ? 'i32' : 'u8'),
    ]),
  );

async function prepareTraining(backend: Backend, description: ModelDescription, arrays: HostArrays): Promise<Prepared> {
  const training = await startTraining(backend, description, arrays);
  const check = (await training.step().read('loss')).item();
  return { check, run: () => training.step().done, dispose: () => training.dispose() };
}

/**
 * A training that has not taken a step.
 * @param resident whether the batch is on the device, as a data set of which each step takes all rows
 */
export async function startTraining(
  backend: Backend,
  description: ModelDescription,
  { x, y, ...variables }: HostArrays,
  { resident = false }: { readonly resident?: boolean } = {},
) {
  const [model, optimizer] = [networkOf(description), adam()];
  const recipe = { model, optimizer, loss: softmaxCrossEntropy(), input: x!, target: y! };
  const fromHost = trainingProgram(recipe);
  const program = resident ? overDataset(fromHost, { x: { spec: x! }, y: { spec: y! } }) : fromHost;
  const fresh = fillVariables(trainingVariables({ model, optimizer, input: { shape: description.sample, dtype: 'f32' } }), 0);
  const store = await backend.createStore({ ...fresh, ...variables, ...(resident ? { 'dataset/x': x!, 'dataset/y': y! } : {}) });
  const executable = await backend.compile(program);
  const stepNumber = integer(0);
  const scalars = { seed: integer(0), step: stepNumber, learningRate: ndarray(Float32Array.of(0.001), { shape: [] }) };
  const rows = ndarray(Int32Array.from({ length: y!.size }, (_, row) => row));
  const inputs: HostArrays = { ...scalars, ...(resident ? { rows } : { x: x!, y: y! }) };
  return {
    step() {
      stepNumber.data[0]!++;
      return executable.run(store, inputs);
    },
    dispose: () => Promise.all([executable.dispose(), store.dispose()]),
  };
}

/** Tracing, variables and the compiler, up to the result of the first step. */
async function prepareCompilation(backend: Backend, description: ModelDescription, arrays: HostArrays): Promise<Prepared> {
  return {
    async run() {
      const begin = performance.now();
      const training = await startTraining(backend, description, arrays);
      await training.step().done;
      const milliseconds = performance.now() - begin;
      await training.dispose();
      return milliseconds;
    },
  };
}

async function prepareInference(backend: Backend, description: ModelDescription, { x, ...variables }: HostArrays): Promise<Prepared> {
  const program = inferenceProgram({ model: networkOf(description), input: x! });
  const { y: _labels, ...ofModel } = variables;
  const store = await backend.createStore(ofModel);
  const executable = await backend.compile(program);
  const predict = () => executable.run(store, { x: x! }).read('y');
  const check = meanMagnitude(await predict());
  return { check, run: predict, dispose: () => Promise.all([executable.dispose(), store.dispose()]) };
}

async function prepareKernel(backend: Backend, task: KernelTask, arrays: HostArrays): Promise<Prepared> {
  const store = await backend.createStore(arrays);
  const check = task.kind === 'dropout' ? undefined : await magnitudeOf(backend, store, kernelProgram(task, arrays, 'magnitudes'));
  const executable = await backend.compile(kernelProgram(task, arrays, 'samples'));
  const step = integer(0);
  const inputs = task.kind === 'dropout' ? { seed: integer(0), step } : {};
  return {
    ...(check === undefined ? {} : { check }),
    run() {
      step.data[0]!++;
      return executable.run(store, inputs).done;
    },
    dispose: () => Promise.all([executable.dispose(), store.dispose()]),
  };
}

async function magnitudeOf(backend: Backend, store: Store, program: Program): Promise<number> {
  const executable = await backend.compile(program);
  const magnitude = await executable.run(store, {}).read('magnitude');
  await executable.dispose();
  return magnitude.item();
}

const integer = (value: number) => ndarray(Int32Array.of(value), { shape: [] });

const meanMagnitude = ({ data, size }: NdArray) => [...data].reduce((sum, value) => sum + Math.abs(value), 0) / size;
