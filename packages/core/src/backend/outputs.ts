// The results of one run, staged to the host.
import type { NdArray } from '../array/ndarray.ts';
import { unknownName } from './checks.ts';
import type { Outputs } from './contract.ts';

/** A run whose work was handed to the device. */
export interface StartedRun {
  /** In the order of their names. */
  readonly outputs: readonly (NdArray | Promise<NdArray>)[];
  /** Resolves when the device is done; absent where it is already. */
  readonly finished?: Promise<void>;
}

const finished = Promise.resolve();

/** The outputs of every backend made by `kernelBackend`. */
export class StagedOutputs implements Outputs {
  readonly done: Promise<void>;
  readonly #names: readonly string[];
  readonly #run: StartedRun | Promise<StartedRun>;

  constructor(names: readonly string[], run: StartedRun | Promise<StartedRun>) {
    this.#names = names;
    this.#run = run;
    // Nothing is allocated for a run that is over.
    this.done = isOver(run) ? finished : finish(run);
    // Whoever reads an output gets the error there; `done` must then not end the process as an unhandled rejection.
    if (this.done !== finished) this.done.catch(() => {});
  }

  read(name: string): Promise<NdArray> {
    const index = this.#names.indexOf(name);
    if (index < 0) return Promise.reject(unknownName(`The program has no output "${name}"`, name, this.#names, 'Its outputs are'));
    const run = this.#run;
    return run instanceof Promise ? run.then(({ outputs }) => outputs[index]!) : Promise.resolve(run.outputs[index]!);
  }
}

function isOver(run: StartedRun | Promise<StartedRun>): boolean {
  if (run instanceof Promise || run.finished !== undefined) return false;
  for (let index = 0; index < run.outputs.length; index++) if (run.outputs[index] instanceof Promise) return false;
  return true;
}

async function finish(run: StartedRun | Promise<StartedRun>): Promise<void> {
  const { outputs, finished: working } = await run;
  await Promise.all([...outputs, working]);
}
