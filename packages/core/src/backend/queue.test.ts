// The order of work on a device.
import { describe, expect, it } from 'vitest';
import { WorkQueue } from './queue.ts';

/** A promise to be settled by hand. */
function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

describe('order', () => {
  it('calls at once what need not wait, and returns its value and its error directly', () => {
    const queue = new WorkQueue();
    expect(queue.order(() => 1)).toBe(1);
    expect(() =>
      queue.order(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(queue.idle).toBe(true);
  });

  it('keeps the order behind work that waits, also when that fails', async () => {
    const queue = new WorkQueue();
    const log: string[] = [];
    const first = deferred();
    const failing = queue.order(() => first.promise);
    const second = queue.order(() => log.push('second'));
    const third = queue.order(() => log.push('third'));
    expect(queue.idle).toBe(false);
    expect(log).toEqual([]);
    first.reject(new Error('first failed'));
    await expect(failing).rejects.toThrow('first failed');
    await Promise.all([second, third]);
    expect(log).toEqual(['second', 'third']);
    await queue.settle();
    expect(queue.idle).toBe(true);
  });
});

describe('run', () => {
  it('starts two runs, and the third when the first one to finish has', async () => {
    const queue = new WorkQueue();
    const ends = [deferred(), deferred(), deferred()];
    const started: number[] = [];
    const runs = ends.map((end, index) =>
      queue.run(() => {
        started.push(index);
        return { finished: end.promise };
      }),
    );
    expect(started).toEqual([0, 1]);
    ends[0]!.resolve();
    await runs[2];
    expect(started).toEqual([0, 1, 2]);
    for (const end of ends) end.resolve();
    await queue.settle();
    expect(queue.idle).toBe(true);
  });

  it('settles after runs that fail', async () => {
    const queue = new WorkQueue();
    const end = deferred();
    void queue.run(() => ({ finished: end.promise }));
    end.reject(new Error('lost'));
    await expect(queue.settle()).resolves.toBeUndefined();
  });
});
