// Checkpoints: resuming is exact, and a file that is not right changes nothing.
import { decodeSafetensors, encodeSafetensors, full, zeros } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../events.ts';
import { sgd } from '@nn/optim';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import type { Trainer } from './trainer.ts';

const data = blobs(80);
const epoch = { batchSize: 16 };

/** All variables, slots included, and the counters. */
async function everything(trainer: Trainer): Promise<Uint8Array> {
  return trainer.toCheckpoint();
}

/** The checkpoint's tensors and metadata. */
function open(bytes: Uint8Array) {
  const { tensors, metadata } = decodeSafetensors(bytes);
  return { tensors, metadata, header: JSON.parse(metadata.get('nn.checkpoint')!) as { checksum: string; state: Record<string, unknown> } };
}

describe('a checkpoint', () => {
  it('resumes so that 10 steps, saving, loading and 10 steps have the bits of 20 steps', async () => {
    const [whole, first] = [await smallTrainer(), await smallTrainer()];
    await whole.fit(data, { epochs: 4, ...epoch });
    await first.fit(data, { epochs: 2, ...epoch });
    const second = await smallTrainer({ seed: 12345 });
    await second.loadCheckpoint(await first.toCheckpoint());
    expect([second.step, second.epoch, second.seed]).toEqual([10, 2, 7]);
    await second.fit(data, { epochs: 2, ...epoch });
    expect(await everything(second)).toEqual(await everything(whole));
  });

  it('resumes in the middle of an epoch, also when saved by a callback', async () => {
    const [whole, first, second] = [await smallTrainer(), await smallTrainer(), await smallTrainer()];
    await whole.fit(data, { epochs: 2, ...epoch });
    let saved: Uint8Array | undefined;
    const save = async (event: TrainingEvent) => {
      if (event.type === 'step' && event.step === 7) saved = await first.toCheckpoint();
    };
    await first.fit(data, { epochs: 2, ...epoch, callbacks: [save] });
    await second.loadCheckpoint(saved!);
    expect([second.step, second.epoch]).toEqual([8, 1]);
    await second.fit(data, { epochs: 1, ...epoch });
    expect([second.step, second.epoch]).toEqual([10, 2]);
    expect(await modelVariables(second)).toEqual(await modelVariables(whole));
  });

  it('holds the optimizer state beside the model, in a format that other tools read', async () => {
    const trainer = await smallTrainer();
    await trainer.fit(data, epoch);
    const { tensors, header } = open(await trainer.toCheckpoint());
    expect([...tensors.keys()]).toEqual(expect.arrayContaining(['dense1/kernel', 'batchNorm1/runningMean', 'optimizer/dense1/kernel/m']));
    expect(header.state).toEqual({ seed: 7, step: 5, epoch: 1 });
  });

  it('makes the model of a trainer that does not know its input yet', async () => {
    const first = await smallTrainer({ input: [2] });
    const second = await smallTrainer();
    expect(() => second.network).toThrow('does not know its input yet');
    await second.loadCheckpoint(await first.toCheckpoint());
    expect(await modelVariables(second)).toEqual(await modelVariables(first));
  });

  it('cannot be made before the input is known', async () => {
    await expect((await smallTrainer()).toCheckpoint()).rejects.toMatchObject({ name: 'ConfigError' });
  });

  it('warns of weights that are not finite, when saved and when loaded', async () => {
    const warnings: string[] = [];
    const trainer = await smallTrainer({ input: [2], onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`) });
    trainer.network.write('dense2/bias', full([3], NaN));
    await trainer.loadCheckpoint(await trainer.toCheckpoint());
    expect(warnings).toEqual([
      'train.non-finite-variables: Variables that hold NaN or infinities were saved: dense2/bias.',
      'train.non-finite-variables: Variables that hold NaN or infinities were loaded: dense2/bias.',
    ]);
  });
});

describe('a file that does not fit', () => {
  it('is refused with a list of everything that is wrong, and nothing changes', async () => {
    const trainer = await smallTrainer({ input: [2] });
    const before = await trainer.toCheckpoint();
    const { tensors, metadata, header } = open(before);
    tensors.delete('dense1/kernel');
    tensors.set('dense2/bias', zeros([4]));
    tensors.set('dense3/bias', zeros([4]));
    const other = encodeSafetensors(tensors, metadata);
    await expect(trainer.loadCheckpoint(other)).rejects.toThrow('damaged');
    expect(header.checksum).toMatch(/^[0-9a-f]{8}$/);
    expect(await trainer.toCheckpoint()).toEqual(before);
  });

  it('of another optimizer is refused with the slots that are missing and extra', async () => {
    const trainer = await smallTrainer({ input: [2] });
    const other = await smallTrainer({ input: [2], optimizer: sgd({ momentum: 0.9 }) });
    const before = await other.toCheckpoint();
    const failure = other.loadCheckpoint(await trainer.toCheckpoint());
    await expect(failure).rejects.toThrow('"optimizer/dense1/kernel/velocity" f32[2, 6] is missing');
    await expect(failure).rejects.toThrow('"optimizer/dense1/kernel/m" is not in the model');
    expect(await other.toCheckpoint()).toEqual(before);
  });

  it('leaves a trainer that does not know its input as it is', async () => {
    const other = await smallTrainer({ input: [2], optimizer: sgd({ momentum: 0.9 }) });
    const trainer = await smallTrainer();
    await expect(trainer.loadCheckpoint(await other.toCheckpoint())).rejects.toMatchObject({ code: 'format.mismatch' });
    expect(() => trainer.network).toThrow('does not know its input yet');
  });

  it('of a model for other samples is refused as such', async () => {
    const other = await smallTrainer({ input: [5] });
    const trainer = await smallTrainer({ input: [2] });
    await expect(trainer.loadCheckpoint(await other.toCheckpoint())).rejects.toThrow(
      '"dense1/kernel" is f32[5, 6], the model has f32[2, 6]',
    );
  });

  it('of weights alone is told apart from a checkpoint', async () => {
    const trainer = await smallTrainer({ input: [2] });
    await expect(trainer.loadCheckpoint(await trainer.network.toSafetensors())).rejects.toThrow('network.loadSafetensors');
  });

  it.each([
    ['another version', { version: 2 }],
    ['a negative step', { state: { seed: 1, step: -1, epoch: 0 } }],
    ['more steps left out than done', { state: { seed: 1, step: 1, epoch: 0, skipped: 2 } }],
    ['no state', { state: null }],
    ['an input that is none', { input: { shape: [2, -1], dtype: 'f32' } }],
    ['broken progress', { state: { seed: 1, step: 1, epoch: 0, progress: { batches: 'x' } } }],
  ])('with %s is refused', async (_, change) => {
    const trainer = await smallTrainer({ input: [2] });
    const { tensors, metadata } = open(await trainer.toCheckpoint());
    const header = { ...(JSON.parse(metadata.get('nn.checkpoint')!) as object), ...change };
    const failure = trainer.loadCheckpoint(encodeSafetensors(tensors, { 'nn.checkpoint': JSON.stringify(header) }));
    await expect(failure).rejects.toMatchObject({ name: 'FormatError' });
  });

  it('with a flipped byte or cut off is refused or the same, and nothing changes', async () => {
    const trainer = await smallTrainer({ input: [2] });
    const bytes = await trainer.toCheckpoint();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, flip, cut) => {
        const damaged = bytes.slice(0, cut ? at : undefined);
        if (!cut) damaged[at] = damaged[at]! ^ flip;
        const outcome = await trainer.loadCheckpoint(damaged).then(
          () => 'loaded',
          (error: Error) => error.name,
        );
        if (outcome !== 'loaded') expect(outcome).toMatch(/^(FormatError|ShapeError|DTypeError)$/);
        if (outcome === 'loaded') await trainer.loadCheckpoint(bytes);
        expect(await trainer.toCheckpoint()).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('cannot be loaded while training', async () => {
    const trainer = await smallTrainer({ input: [2] });
    const checkpoint = await trainer.toCheckpoint();
    const training = trainer.fit(data, epoch);
    await expect(trainer.loadCheckpoint(checkpoint)).rejects.toThrow('stop it with a signal first');
    await training;
  });
});
