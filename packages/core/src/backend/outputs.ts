// The results of one run, staged to the host.
import type { NdArray } from '../array/ndarray.ts';
import { unknownName } from './checks.ts';
import type { Outputs } from './contract.ts';

/** A run whose work was handed to the device. */
export interface StartedRun {
  readonly outputs: ReadonlyMap<string, NdArray | Promise<NdArray>>;
  /** Resolves when the device is done; absent where it is already. */
  readonly finished?: Promise<void>;
}

/** The outputs of every backend made by `kernelBackend`. */
export class StagedOutputs implements Outputs {
  readonly done: Promise<void>;
  readonly #names: readonly string[];
  readonly #run: StartedRun | Promise<StartedRun>;

  constructor(names: readonly string[], run: StartedRun | Promise<StartedRun>) {
    this.#names = names;
    this.#run = run;
    this.done = finish(run);
    // Whoever reads an output gets the error there; `done` must then not end the process as an unhandled rejection.
    this.done.catch(() => {});
  }

  async read(name: string): Promise<NdArray> {
    if (!this.#names.includes(name)) throw unknownName(`The program has no output "${name}"`, name, this.#names, 'Its outputs are');
    const { outputs } = await this.#run;
    return outputs.get(name)!;
  }
}

async function finish(run: StartedRun | Promise<StartedRun>): Promise<void> {
  const { outputs, finished } = await run;
  await Promise.all([...outputs.values(), finished]);
}
