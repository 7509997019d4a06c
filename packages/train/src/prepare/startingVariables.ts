// The variables of a trainer as its preparations see and change them, and what layers give with them.
import type { AnyLayer, Executable, NdArray, VariableSpec } from '@nn/core';
import { batchedSpec, derivedValue, modelShape, sourcesOf } from '@nn/core';
import type { Batch } from '@nn/data';
import { trainedParameters } from '../programs/variables.ts';
import { inputsOf, placedOnHost } from '../trainer/batch.ts';
import type { Plan } from '../trainer/plan.ts';
import type { Residence } from '../trainer/residence.ts';
import { withoutRows } from '../trainer/rows.ts';
import type { TrainingState } from '../trainer/state.ts';
import type { StartingModel } from './preparation.ts';

/** What preparations work on. */
export interface Place {
  readonly plan: Plan;
  /** All variables, those that updates keep included. */
  readonly specs: ReadonlyMap<string, VariableSpec>;
  readonly residence: Residence;
  readonly batch: Batch;
  readonly state: TrainingState;
  readonly warnings: string[];
}

export class StartingVariables implements StartingModel {
  readonly layers: ReadonlyMap<string, AnyLayer>;
  readonly variables: ReadonlyMap<string, VariableSpec>;
  readonly trained: ReadonlySet<string>;
  readonly #place: Place;
  /** Variables that follow from one that was written since. */
  readonly #stale = new Set<string>();
  /** The program of the layer that was asked for last: it is asked again after its variables have changed. */
  #compiled: { readonly path: string; readonly executable: Executable } | undefined;

  constructor(place: Place) {
    this.#place = place;
    const { layers, specs } = modelShape(place.plan.model, batchedSpec(withoutRows(place.batch.x), 1));
    this.layers = new Map(Array.from(layers, ([path, { layer }]) => [path, layer]));
    this.variables = specs;
    this.trained = new Set(trainedParameters(specs, place.plan.rules).keys());
  }

  async output(path: string): Promise<NdArray> {
    await this.settle();
    const { residence, batch, state } = this.#place;
    const executable = await this.#executable(path);
    // Steps count from 1: random layers draw numbers here that no step draws.
    const numbers = { seed: state.seed, step: 0, learningRate: 0 };
    return executable.run(residence.store, inputsOf(executable.program, placedOnHost(batch), numbers)).read('y');
  }

  async read(path: string): Promise<NdArray> {
    await this.settle();
    return this.#place.residence.store.read(path);
  }

  write(path: string, value: NdArray): void {
    this.#place.residence.store.write(path, value);
    this.#stale.delete(path);
    this.#markFollowers(path);
  }

  warn(message: string): void {
    this.#place.warnings.push(message);
  }

  /** Lets what follows from written variables follow. */
  async settle(): Promise<void> {
    const { specs, residence } = this.#place;
    while (this.#stale.size > 0) {
      // Never in a circle: such variables could not have been filled.
      const path = [...this.#stale].find((stale) => !sourcesOf(specs, stale).some((source) => this.#stale.has(source!)))!;
      const sources = sourcesOf(specs, path) as string[];
      const values = await Promise.all(sources.map(async (source) => [source, await residence.store.read(source)] as const));
      residence.store.write(path, derivedValue(specs, path, Object.fromEntries(values)));
      this.#stale.delete(path);
    }
  }

  async release(): Promise<void> {
    await this.#compiled?.executable.dispose();
    this.#compiled = undefined;
  }

  #markFollowers(path: string): void {
    const { specs } = this.#place;
    for (const follower of specs.keys()) {
      if (this.#stale.has(follower) || !sourcesOf(specs, follower).includes(path)) continue;
      this.#stale.add(follower);
      this.#markFollowers(follower);
    }
  }

  async #executable(path: string): Promise<Executable> {
    if (this.#compiled?.path === path) return this.#compiled.executable;
    await this.release();
    const { plan, residence, batch } = this.#place;
    const executable = await residence.backend.compile(plan.traceLayer(placedOnHost(batch).request, path));
    this.#compiled = { path, executable };
    return executable;
  }
}
