// The network of a trainer with averaged parameters: a copy, since what trains goes on with its own.
import type { NdArray, Network } from '@nn/core';
import { createNetwork } from '@nn/core';
import { averagePath } from '../averaging/weightAverage.ts';
import type { BuiltModel, Engine } from './engine.ts';
import { Lock } from './lock.ts';
import type { HostVariables } from './residence.ts';
import type { TrainingState } from './state.ts';

/** A network of its own on the trainer's backend, with the averages in place of the parameters, as they are now. */
export async function averagedNetwork(engine: Engine, { network, input }: BuiltModel): Promise<Network> {
  const all = await engine.whenIdle((residence) => residence.readAll());
  const { model, seed } = network;
  return createNetwork({ model, input, seed, backend: engine.backend, variables: averagesIn(all, network) });
}

/** Keeps such a network for `predict`, with its compiled programs, and brings it up to date when training has gone on. */
export class AveragedCopy {
  readonly #engine: Engine;
  /** One prediction at a time: the next may have to write the variables. */
  readonly #lock = new Lock();
  #kept: { readonly network: Network; readonly state: TrainingState } | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** What `predict` makes of the network as it is now. */
  async use<Result>(model: BuiltModel, predict: (network: Network) => Promise<Result>): Promise<Result> {
    return this.#lock.run(async () => predict(await this.#current(model)));
  }

  async dispose(): Promise<void> {
    return this.#lock.run(() => this.#release());
  }

  async #current(model: BuiltModel): Promise<Network> {
    const engine = this.#engine;
    const kept = this.#kept;
    const { state } = engine;
    if (kept !== undefined && kept.network.backend === engine.backend) {
      if (kept.state !== state) {
        const all = await engine.whenIdle((residence) => residence.readAll());
        for (const [path, value] of Object.entries(averagesIn(all, model.network))) kept.network.write(path, value);
        this.#kept = { ...kept, state };
      }
      return kept.network;
    }
    await this.#release();
    const network = await averagedNetwork(engine, model);
    this.#kept = { network, state };
    return network;
  }

  async #release(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.network.dispose();
  }
}

/** The model's variables, averaged where there is an average. */
function averagesIn(all: HostVariables, network: Network): Record<string, NdArray> {
  return Object.fromEntries(network.variables().map(({ path }) => [path, all[averagePath(path)] ?? all[path]!]));
}
