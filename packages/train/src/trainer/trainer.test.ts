// The rest of a trainer: what it refuses, evaluate, predict, the network, events in order, disposal.
import { referenceBackend } from '@nn/backend-reference';
import type { ArrayLike } from '@nn/core';
import { full, zeros } from '@nn/core';
import { dataset } from '@nn/data';
import { dense, sequential } from '@nn/layers';
import { adam, clipByNorm, sgd } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import { logProgress } from '../callbacks/logProgress.ts';
import type { TrainingEvent } from '../events.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { softmaxCrossEntropy } from '../losses/softmaxCrossEntropy.ts';
import { accuracy } from '../metrics/accuracy.ts';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallModel, smallTrainer } from '../testing/smallTrainer.ts';
import { createTrainer } from './createTrainer.ts';

const data = blobs(48);

describe('createTrainer', () => {
  const complete = { model: smallModel, loss: softmaxCrossEntropy(), optimizer: adam(), backend: referenceBackend() };
  const create = (changes: object) => createTrainer({ ...complete, ...changes });

  it.each([
    [{ model: undefined }, 'model is undefined; it is a layer'],
    [{ optimizer: adam }, 'optimizer is the factory adam; it is an optimizer'],
    [{ loss: undefined }, 'loss is undefined; it is a loss, such as softmaxCrossEntropy()'],
    [{ step: () => ({}) }, 'give a loss or a step, not both'],
    [{ loss: undefined, step: {} }, 'step is an object; it is a function'],
    [{ onNonFinite: 'ignore' }, "onNonFinite is 'ignore'; it is 'error' or 'skip'"],
    [{ seed: -1 }, 'The seed is -1'],
    [{ learningRate: 0.1 }, 'It belongs to the optimizer'],
    [{ loss: softmaxCrossEntropy }, 'Call the factory'],
    [{ metrics: accuracy() }, 'metrics is an object; it is a list'],
    [{ metrics: [accuracy] }, 'metrics[0] is the factory accuracy'],
    [{ gradientTransforms: [clipByNorm] }, 'Call the factory: clipByNorm(…).'],
    [{ rules: {} }, 'rules is an object; it is a list of rules'],
    [{ rules: [{ match: '**', weightDecay: 1 }] }, 'rules[0] has no option "weightDecay"'],
    [{ metrics: [null] }, 'metrics[0] is null; it is a metric, such as accuracy()'],
    [{ gradientAccumulation: null }, 'gradientAccumulation is null; it is an integer'],
    [{ onWarning: 5 }, 'onWarning is 5; it is a function'],
    [{ backend: undefined }, 'backend is undefined; it is a backend'],
    [{ backend: Promise.resolve() }, 'put await in front of it'],
    [{ callbacks: () => undefined }, 'callbacks is'],
    [{ optimiser: adam() }, 'Did you mean "optimizer"?'],
  ])('refuses %o', async (changes, message) => {
    await expect(create(changes)).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining(message) });
  });

  it('makes the variables at once when the input is given, and refuses one that does not fit', async () => {
    const trainer = await create({ input: [2] });
    expect(trainer.network.summary().trainable).toBe(2 * 6 + 2 * 6 + 6 * 3 + 3);
    await expect(create({ input: [] })).rejects.toMatchObject({ name: 'ShapeError' });
  });

  it('refuses a rule that matches nothing before any data come', async () => {
    await expect(create({ input: [2], rules: [{ match: '**/weight', frozen: true }] })).rejects.toThrow('matches no parameter');
  });
});

describe('functions of users that give something else', () => {
  const record = (parts: object) => ({ kind: 'mine', options: {}, ...parts });
  const metric = (accumulate: () => unknown) => ({ metrics: [record({ accumulate, result: () => 0 })] });
  const step = (given: unknown) => ({ loss: undefined, metrics: undefined, step: () => given });

  it.each<[string, object, string]>([
    [
      'a metric that is async',
      metric(async () => ({})),
      'The metric mine gives an object of class Promise; it is to give a record of tensors. Tracing',
    ],
    ['a metric that gives nothing', metric(() => undefined), 'The metric mine gives undefined'],
    ['a metric that gives numbers', metric(() => ({ sum: 3 })), 'The metric mine under "sum" gives 3; it is to give a tensor'],
    [
      'a loss that is async',
      { loss: async () => 0 },
      'The loss function gives an object of class Promise; it is to give a tensor. Tracing',
    ],
    ['a loss that gives a loss', { loss: () => softmaxCrossEntropy() }, 'such as softmaxCrossEntropy is called before it is passed'],
    ['a step that gives nothing', step(undefined), 'The step gives undefined; it is to give a record { loss, metrics }'],
    ['a step that is async', step(Promise.resolve()), 'leave async out'],
    ['a step that gives a number', step({ loss: 3 }), 'The step, as its loss, gives 3'],
    [
      'a transform that gives nothing',
      { gradientTransforms: [record({ apply: () => undefined })] },
      'The gradient transform mine gives undefined',
    ],
    [
      'a constraint that gives a number',
      { rules: [{ match: '**', constraint: record({ apply: () => 3 }) }] },
      'The constraint mine gives 3',
    ],
    ['an optimizer that gives nothing', { optimizer: { ...adam(), update: () => undefined } }, 'The optimizer adam gives undefined'],
    ['an optimizer without slots', { optimizer: { ...adam(), variables: undefined } }, 'an optimizer with update() and variables()'],
    [
      'an optimizer without a rate',
      { optimizer: { ...adam(), learningRate: undefined } },
      'learningRate is undefined; it is a finite number',
    ],
  ])('%s', async (_, changes, message) => {
    const fit = async () => (await smallTrainer(changes)).fit(data);
    await expect(fit()).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining(message) });
  });
});

describe('data that cannot be used', () => {
  const x = data.x.toArray() as number[][];
  const y = [...data.y.data];
  const withLabel = (label: number) => ({ x, y: y.map((value, row) => (row === 5 ? label : value)) });
  const withValue = (value: number) => ({ x: x.map((row, index) => (index === 5 ? [0, value] : row)), y });

  it.each([
    ['a label that is too large', withLabel(3), 'DataError', 'Label 5 is 3, but there are 3 classes'],
    ['a negative label', withLabel(-1), 'DataError', 'Label 5 is -1'],
    ['a fractional label', withLabel(0.5), 'DataError', 'Label 5 is 0.5'],
    ['NaN', withValue(NaN), 'DataError', 'row 5, column 1'],
    ['an infinity', withValue(-Infinity), 'DataError', 'row 5, column 1'],
    ['no rows', { x: zeros([0, 2]), y: zeros([0], 'i32') }, 'DataError', 'no rows'],
    ['batches that are none', () => [], 'DataError', 'no rows'],
    ['more samples than targets', { x, y: y.slice(1) }, 'DataError', '48'],
    ['samples of another shape', { x: zeros([48, 4]), y }, 'ShapeError', 'The samples are f32[4], but'],
    ['integer one-hot rows', { x, y: zeros([48, 3], 'i32') }, 'ShapeError', 'i32[48, 3]'],
  ])('%s', async (_, bad, name, message) => {
    const trainer = await smallTrainer({ input: [2] });
    const before = await modelVariables(trainer);
    for (const attempt of [trainer.fit(bad, { batchSize: 48 }), trainer.evaluate(bad)]) {
      await expect(attempt).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    }
    // Of a stream only its batches tell what is wrong with it.
    if (typeof bad !== 'function') await expect(trainer.fit(data, { validation: bad })).rejects.toMatchObject({ name });
    expect(trainer.step).toBe(0);
    expect(await modelVariables(trainer)).toEqual(before);
  });

  it('checks the labels of streams batch by batch', async () => {
    const trainer = await smallTrainer({ model: sequential(dense(3)) });
    const batches = () => [data, { x: full([2, 2], 1), y: Int32Array.of(1, 7) }];
    await expect(trainer.fit(batches)).rejects.toThrow('Label 1 is 7');
    expect(trainer.step).toBe(1);
  });

  it('says how bytes are scaled', async () => {
    const trainer = await smallTrainer();
    await expect(trainer.fit({ x: new Uint8Array(8), shape: [-1, 2], y: [0, 1, 2, 0] })).rejects.toThrow('scale: 1 / 255');
    await trainer.fit({ x: new Uint8Array(8), shape: [-1, 2], scale: 1 / 255, y: [0, 1, 2, 0] });
  });

  it('says how targets of regression are written', async () => {
    const trainer = await smallTrainer({ model: sequential(dense(1)), loss: meanSquaredError(), metrics: [] });
    await expect(trainer.fit({ x, y })).rejects.toThrow('Give each target its own row: [[1], [2]]');
  });

  it('refuses a learning rate that a schedule makes negative', async () => {
    const trainer = await smallTrainer({ optimizer: sgd({ learningRate: (step) => 2 - step }) });
    await expect(trainer.fit(data, { batchSize: 16 })).rejects.toThrow('learning rate of step 3 is -1');
  });
});

describe('labels', () => {
  it('may be nested numbers, bytes, 32-bit integers or soft rows', async () => {
    const labels: readonly ArrayLike[] = [
      [...data.y.data],
      Uint8Array.from(data.y.data),
      data.y,
      dataset({ ...data, classes: 3 }).y.slice(),
    ];
    const softRows = [...data.y.data].map((label) => [0, 1, 2].map((column) => (column === label ? 1 : 0)));
    const losses = await Promise.all([...labels, softRows].map(async (y) => (await smallTrainer({ seed: 3 })).evaluate({ x: data.x, y })));
    for (const figures of losses) expect(figures).toEqual(losses[0]);
  });
});

describe('evaluate', () => {
  it('changes nothing, whatever the batch size, and gives the same figures', async () => {
    const trainer = await smallTrainer();
    await trainer.fit(data, { batchSize: 16 });
    const before = await modelVariables(trainer);
    const [whole, parts] = [await trainer.evaluate(data), await trainer.evaluate(data, { batchSize: 7 })];
    expect(parts.loss).toBeCloseTo(whole.loss, 12);
    expect(parts['accuracy']).toBe(whole['accuracy']);
    expect(await modelVariables(trainer)).toEqual(before);
  });

  it('works before training', async () => {
    const { loss } = await (await smallTrainer()).evaluate(data);
    expect(loss).toBeGreaterThan(0.5);
  });
});

describe('the network of a trainer', () => {
  it('follows training, and needs no trainer to predict', async () => {
    const trainer = await smallTrainer({ input: [2] });
    const { network } = trainer;
    const before = await network.predict([1, 2]);
    await trainer.fit(data, { batchSize: 16 });
    const after = await network.predict([1, 2]);
    expect(after).not.toEqual(before);
    expect(await trainer.predict([1, 2])).toEqual(after);
    expect(after.shape).toEqual([3]);
    expect((await trainer.predict([[1, 2]])).shape).toEqual([1, 3]);
  });

  it('is saved without the optimizer', async () => {
    const trainer = await smallTrainer({ input: [2] });
    const other = await smallTrainer({ input: [2], seed: 99 });
    await other.network.loadSafetensors(await trainer.network.toSafetensors());
    expect(await modelVariables(other)).toEqual(await modelVariables(trainer));
  });
});

describe('events', () => {
  it('come in order, to callbacks of the trainer and of the run', async () => {
    const [ofTrainer, ofRun]: [TrainingEvent[], TrainingEvent[]] = [[], []];
    const trainer = await smallTrainer({ callbacks: [(event) => void ofTrainer.push(event)] });
    const callbacks = [(event: TrainingEvent) => void ofRun.push(event)];
    const history = await trainer.fit(data, { batchSize: 32, epochs: 2, validation: blobs(20), callbacks });
    const epoch = ['epochStart', 'step', 'step', 'epochEnd'];
    expect(ofRun.map(({ type }) => type).filter((type) => type !== 'compile')).toEqual(['runStart', ...epoch, ...epoch, 'runEnd']);
    expect(ofTrainer).toEqual(ofRun);
    expect(ofRun[0]).toEqual({ type: 'runStart', backend: 'reference', firstEpoch: 1, lastEpoch: 2, rows: 48 });
    expect(ofRun.at(-1)).toEqual({ type: 'runEnd', history });
    expect(ofRun.filter(({ type }) => type === 'compile')).toMatchObject([
      { purpose: 'training', rows: 32 },
      { purpose: 'training', rows: 16 },
      { purpose: 'evaluation', rows: 20 },
    ]);
    expect(ofRun.filter(({ type }) => type === 'step')).toMatchObject([
      { step: 1, epoch: 1, batch: 1, batches: 2, rows: 32, learningRate: 0.02 },
      { step: 2, epoch: 1, batch: 2, batches: 2, rows: 16 },
      { step: 3, epoch: 2, batch: 1 },
      { step: 4, epoch: 2, batch: 2, figures: { loss: history.epochs[1]!.loss, accuracy: history.epochs[1]!['accuracy'] } },
    ]);
  });

  it('wait for callbacks, whose errors end the run', async () => {
    const trainer = await smallTrainer();
    const fail = async ({ type }: TrainingEvent): Promise<void> => {
      await Promise.resolve();
      if (type === 'epochEnd') throw new Error('the disk is full');
    };
    await expect(trainer.fit(data, { callbacks: [fail] })).rejects.toThrow('the disk is full');
    expect(trainer.epoch).toBe(1);
    await trainer.fit(data);
  });

  it('become lines of text', async () => {
    const lines: string[] = [];
    const trainer = await smallTrainer({ callbacks: [logProgress({ write: (line) => lines.push(line), everySteps: 2 })] });
    await trainer.fit(blobs(33), { batchSize: 8, validation: data });
    expect(lines[0]).toBe('training on reference, epochs 1 to 1, 33 samples');
    expect(lines[1]).toMatch(/^warning: The last 1 of 33 rows/);
    expect(lines[2]).toMatch(/^epoch 1, batch 2\/4: loss [\d.]+, accuracy [\d.]+$/);
    expect(lines[4]).toMatch(
      /^epoch 1: loss [\d.]+, accuracy [\d.]+, validationLoss [\d.]+, validationAccuracy [\d.]+, [\d.]+ s, \d+ samples\/s$/,
    );
    expect(lines).toHaveLength(5);
  });
});

describe('dispose', () => {
  it('is safe to call twice, leaves the backend alone, and ends the rest with an error that says so', async () => {
    const backend = referenceBackend();
    const trainer = await smallTrainer({ backend, input: [2] });
    const { network } = trainer;
    await trainer.dispose();
    await trainer.dispose();
    for (const attempt of [
      () => trainer.fit(data),
      () => trainer.evaluate(data),
      () => trainer.predict([1, 2]),
      () => network.predict([1, 2]),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ name: 'DisposedError' });
    }
    await (await smallTrainer({ backend })).fit(data);
  });
});

it('does not grow: the backend holds as much after 300 steps as after 30', async () => {
  const backend = referenceBackend();
  let stores = 0;
  const { createStore } = backend;
  backend.createStore = (variables) => {
    stores += 1;
    return createStore.call(backend, variables);
  };
  const compiles: string[] = [];
  const validation = { x: [[1, 2]], y: [1] };
  const trainer = await smallTrainer({ backend, callbacks: [({ type }) => void (type === 'compile' && compiles.push(type))] });
  for (let round = 0; round < 10; round++) await trainer.fit(data, { batchSize: 16, epochs: 10, validation });
  expect(trainer.step).toBe(300);
  expect([stores, compiles.length]).toEqual([1, 2]);
});
