// Mistakes that are made most often, and what is said about each: types would forbid them, plain JavaScript does not.
import { cpuBackend } from '@nn/backend-cpu';
import { expect, test } from 'vitest';
import type { FitOptions, Tensor } from './index.ts';
import {
  NnError,
  adam,
  add,
  block,
  build,
  createNetwork,
  createTrainer,
  dense,
  describe,
  freeze,
  frozen,
  meanSquaredError,
  named,
  ndarray,
  relu,
  run,
  sequential,
  sgd,
  sum,
  summarize,
} from './index.ts';

const backend = await cpuBackend();
const network = await createNetwork({ model: sequential(dense(2), relu()), input: [3], backend });
const given = { model: dense(2), input: [3], backend };
const pair = await createNetwork({
  model: block(({ left, right }: Record<'left' | 'right', Tensor>) => add(left, right)),
  input: { left: [2], right: [2] },
  backend,
});

const fit = async (options: FitOptions): Promise<unknown> =>
  (await createTrainer({ model: dense(1), loss: meanSquaredError(), optimizer: sgd(), backend })).fit({ x: [[1]], y: [[2]] }, options);

/** Trains on the batches that a function gives. */
const fitOn = async (source: () => unknown): Promise<unknown> =>
  (await createTrainer({ model: dense(1), loss: meanSquaredError(), optimizer: sgd(), backend })).fit(source as never);

test.each<[string, () => unknown, string]>([
  ['a backend that nobody waited for', () => createNetwork({ ...given, backend: cpuBackend() as never }), 'put await in front of it'],
  ['no backend', () => createNetwork({ ...given, backend: undefined as never }), 'createNetwork: backend is undefined; it is a backend'],
  ['a misspelled option', () => createNetwork({ ...given, sead: 3 } as never), 'createNetwork has no option "sead". Did you mean "seed"?'],
  ['no options', () => createNetwork(undefined as never), 'createNetwork takes its options as an object, not undefined'],
  ['no model', () => createNetwork({ ...given, model: undefined as never }), 'The model is undefined; it is a layer'],
  ['a factory as a model', () => createNetwork({ ...given, model: dense as never }), 'Call the factory: dense(…)'],
  ['no input', () => createNetwork({ ...given, input: undefined as never }), 'The input is undefined; it says what one sample looks like'],
  ['an extent as an input', () => createNetwork({ ...given, input: 3 as never }), 'without the batch axis: [784]'],
  ['a layer without variables()', () => summarize({ kind: 'mine', options: {}, apply: (x: never) => x } as never, [3]), 'it is a layer'],
  ['nothing to predict', () => network.predict(undefined as never), 'holds numbers or booleans'],
  ['nothing to predict from two parts', () => pair.predict(undefined as never), 'The input, undefined, has no part "left"'],
  ['one of two parts', () => pair.predict({ left: [1, 2] } as never), 'The input, an object, has no part "right"'],
  ['a part that is null', () => pair.predict({ left: [1, 2], right: null } as never), 'holds numbers or booleans'],
  ['one array for two parts', () => pair.predict([1, 2]), 'The input, an array, has no part "left", which the model takes'],
  ['no activations of two parts', () => pair.activations(null as never, []), 'The input, null, has no part "left"'],
  ['a path in place of paths', () => network.activations([1, 2, 3], 'relu1' as never), "takes a list of paths, not 'relu1'"],
  ['no path to read', () => network.read(undefined as never), 'no variable "undefined"'],
  ['a file by its name', () => network.loadSafetensors('model.safetensors' as never), "not 'model.safetensors'"],
  ['no backend to move to', () => network.moveTo(undefined as never), 'moveTo: backend is undefined'],
  ['no backend to run on', () => run(relu as never, [1] as never), 'run: backend is the factory relu'],
  ['no function to run', () => run(backend, [1] as never), 'run takes a function of tensors, not an array'],
  ['a function that gives nothing', () => run(backend, (() => undefined) as never), 'The function gives undefined; it is to give a tensor'],
  ['a function that gives a number', () => run(backend, (() => 3) as never), 'The function gives 3'],
  ['an async function', () => run(backend, (async (x: never) => x) as never, 1), 'Tracing is synchronous'],
  ['a layer that gives nothing', () => createNetwork({ ...given, model: block((() => undefined) as never) }), 'gives undefined'],
  ['a list as an operand', () => run(backend, (x) => add(x, [1] as never), 1), 'Put host arrays into a program with constant(array)'],
  ['an axis that is no number', () => run(backend, (x) => sum(x, '0' as never), [1]), 'axis 0 does not exist'],
  ['a controller in place of its signal', () => fit({ signal: new AbortController() as never }), 'such as controller.signal'],
  ['a rule for the last batch', () => fit({ lastBatch: 'pad' as never }), "fit: lastBatch is 'pad'; it is 'keep' or 'drop' or 'merge'"],
  ['no batch size', () => fit({ batchSize: null as never }), 'fit: batchSize is null; it is an integer of at least 1'],
  ['data that nobody waited for', () => fitOn(async () => ({ x: [[1]], y: [[2]] })), 'gives an object of class Promise. Await the data'],
  ['a function that gives arrays', () => fitOn(() => ({ x: [[1]], y: [[2]] })), 'gives an object.'],
  ['early stopping that is off', () => fit({ earlyStopping: null as never }), 'earlyStopping takes its options as an object'],
  ['an activation as an option', () => dense(2, { activation: 'relu' } as never), 'It is a layer of its own, behind this one: relu()'],
  ['a regularizer as an option', () => dense(2, { kernelRegularizer: 1 } as never), 'A rule of the trainer has it'],
  ['a rate by its short name', () => sgd({ lr: 0.1 } as never), 'sgd has no option "lr". Give learningRate.'],
  ['two betas', () => adam({ betas: [0.9, 0.99] } as never), 'Give beta1 and beta2.'],
  ['an extent as a shape', () => ndarray([1, 2, 3], { shape: 3 as never }), 'A shape is a list of extents, such as [2, 3], not 3'],
  ['an initializer that is a list', () => dense(2, { kernelInitializer: [] as never }), 'it is an initializer'],
  ['a name that is none', () => named(1 as never, dense(2)), '1 is no name for a layer'],
  ['a factory that is named', () => named('first', dense as never), 'named: "first" is the factory dense'],
  ['nothing to freeze', () => frozen(undefined as never), 'it is a layer'],
  ['nothing to describe', () => describe(undefined as never), 'describe: its argument is undefined; it is a record with a kind'],
  ['a file that holds no model', () => build({ epochs: 3 } as never, { dense }), 'build: a description is an object'],
  ['a file with a model that is none', () => build({ kind: 'dense', options: {}, children: { a: 3 } } as never, { dense }), 'is 3'],
  ['no glob', () => freeze(dense(2), undefined as never), 'undefined is no glob over paths'],
])('%s', async (_, make, message) => {
  const error: unknown = await Promise.resolve()
    .then(make)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NnError);
  expect((error as NnError).message).toContain(message);
});

test('leave what was there as it was', async () => {
  expect((await network.predict([1, 2, 3])).shape).toEqual([2]);
});
