// The page in which nn is measured: it does what the process of a contender does, with weights that it fetches.
import type { Given, Prepared } from '../contract.ts';
import type { PlainTask } from '../nnTasks.ts';

/** What to prepare; arrays are in the file `fixture`. */
export interface PageTask extends Pick<Given, 'model'> {
  readonly task: PlainTask;
  readonly threads: number;
}

export interface Bench {
  /** What shows that it computes what the others do. */
  prepare(task: PageTask): Promise<number | undefined>;
  /** Milliseconds of so many runs. */
  run(count: number): Promise<number>;
  release(): Promise<void>;
  /** Milliseconds from the import of nn to its first prediction. */
  start(task: PageTask): Promise<number>;
}

declare global {
  var bench: Bench;
}

const fixture = async (): Promise<Uint8Array> => new Uint8Array(await (await fetch('fixture', { cache: 'no-store' })).arrayBuffer());

let prepared: Prepared | undefined;

/** Nothing of nn is there before this. */
async function prepareOn(bytes: Uint8Array, { task, model, threads }: PageTask): Promise<Prepared> {
  const { prepare } = await import('./prepare.ts');
  return prepare(bytes, task, model, threads);
}

globalThis.bench = {
  async prepare(task) {
    prepared = await prepareOn(await fixture(), task);
    return prepared.check;
  },
  async run(count) {
    const begin = performance.now();
    for (let run = 0; run < count; run++) await prepared!.run();
    return performance.now() - begin;
  },
  async release() {
    await prepared?.dispose?.();
    prepared = undefined;
  },
  async start(task) {
    const bytes = await fixture();
    const begin = performance.now();
    await prepareOn(bytes, task);
    return performance.now() - begin;
  },
};
