// `moveTo`: training goes on as if nothing had happened, or stays where it was when something goes wrong.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, NdArray } from '@nn/core';
import { BackendError, full } from '@nn/core';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../events.ts';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import { wrappedBackend } from '../testing/wrappedBackend.ts';

const data = blobs(80);
const epochs = (count: number) => ({ epochs: count, batchSize: 16, validation: blobs(20, 2) });

describe('moveTo', () => {
  it('keeps parameters, moments, running statistics, masks, shuffles and counters', async () => {
    const [whole, moved] = [await smallTrainer(), await smallTrainer()];
    const { epochs: expected } = await whole.fit(data, epochs(3));
    const { epochs: before } = await moved.fit(data, epochs(1));
    await moved.moveTo(wrappedBackend().backend);
    expect(moved.backend.name).toBe('wrapped');
    const { epochs: after } = await moved.fit(data, epochs(2));
    expect([...before, ...after].map(({ loss }) => loss)).toEqual(expected.map(({ loss }) => loss));
    expect(await moved.toCheckpoint()).toEqual(await whole.toCheckpoint());
  });

  it('works in the middle of an epoch, from a callback or beside it', async () => {
    const [whole, fromCallback, beside] = [await smallTrainer(), await smallTrainer(), await smallTrainer()];
    await whole.fit(data, epochs(2));
    const move = async (event: TrainingEvent) => {
      if (event.type === 'step' && event.step === 3) await fromCallback.moveTo(wrappedBackend().backend);
    };
    await fromCallback.fit(data, { ...epochs(2), callbacks: [move] });
    let moving: Promise<void> | undefined;
    const start = (event: TrainingEvent) => {
      if (event.type === 'step' && event.step === 3) moving = beside.moveTo(wrappedBackend().backend);
    };
    await beside.fit(data, { ...epochs(2), callbacks: [start] });
    await moving;
    for (const trainer of [fromCallback, beside]) {
      expect(trainer.backend.name).toBe('wrapped');
      expect(await trainer.toCheckpoint()).toEqual(await whole.toCheckpoint());
    }
  });

  it('waits for the step that is under way', async () => {
    const [whole, moved] = [await smallTrainer(), await smallTrainer({ backend: wrappedBackend({}, { delay: 3 }).backend })];
    await whole.fit(data, epochs(1));
    let moving: Promise<void> | undefined;
    const start = (event: TrainingEvent) => {
      if (event.type === 'step' && event.step === 2) moving = moved.moveTo(referenceBackend());
    };
    await moved.fit(data, { ...epochs(1), callbacks: [start] });
    await moving;
    expect(await moved.toCheckpoint()).toEqual(await whole.toCheckpoint());
  });

  it('takes the network along and frees what was on the old backend', async () => {
    const { backend, disposed } = wrappedBackend();
    const trainer = await smallTrainer({ backend });
    await trainer.fit(data, epochs(1));
    const { network } = trainer;
    const before = await network.predict([1, 2]);
    await trainer.moveTo(referenceBackend());
    expect(disposed.filter((what) => what === 'store')).toHaveLength(1);
    // Training and evaluation use one program each here, of which none has a short last batch.
    expect(disposed.filter((what) => what === 'executable').length).toBeGreaterThanOrEqual(2);
    expect(trainer.network).toBe(network);
    expect(await network.predict([1, 2])).toEqual(before);
  });

  it('works before there is anything to move', async () => {
    const trainer = await smallTrainer();
    await trainer.moveTo(wrappedBackend().backend);
    await trainer.fit(data, epochs(1));
    expect(trainer.backend.name).toBe('wrapped');
  });

  it('is an event', async () => {
    const events: TrainingEvent[] = [];
    const trainer = await smallTrainer({ callbacks: [(event) => void events.push(event)] });
    await trainer.moveTo(wrappedBackend().backend);
    expect(events).toEqual([{ type: 'moved', from: 'reference', to: 'wrapped' }]);
  });
});

describe('moveTo a backend that fails', () => {
  const refuses = (): never => {
    throw new BackendError('out of luck');
  };
  /** Gives every variable back as something else. */
  const forgetful = (): Partial<Backend> => {
    const inner = referenceBackend();
    return {
      compile: (program) => inner.compile(program),
      async createStore(variables: Readonly<Record<string, NdArray>>) {
        const store = await inner.createStore(variables);
        store.read = async (name) => full(variables[name]!.shape, 42);
        return store;
      },
    };
  };

  it.each([
    ['has no memory', { createStore: async () => refuses() }, 'out of luck'],
    ['cannot compile', { compile: async () => refuses() }, 'out of luck'],
    ['does not hold what it is given', forgetful(), 'does not give back'],
  ])('leaves training where it was when it %s', async (_, changes, message) => {
    const [whole, stayed] = [await smallTrainer(), await smallTrainer()];
    await whole.fit(data, epochs(2));
    await stayed.fit(data, epochs(1));
    await expect(stayed.moveTo(wrappedBackend(changes).backend)).rejects.toThrow(message);
    expect(stayed.backend.name).toBe('reference');
    await stayed.fit(data, epochs(1));
    expect(await modelVariables(stayed)).toEqual(await modelVariables(whole));
  });

  it('leaves nothing behind on it', async () => {
    const { backend, disposed } = wrappedBackend({ compile: async () => refuses() });
    const trainer = await smallTrainer();
    await trainer.fit(data, epochs(1));
    await expect(trainer.moveTo(backend)).rejects.toThrow('out of luck');
    expect(disposed).toEqual(['store']);
  });
});
