// The compiled programs of a trainer on one backend: few, found by purpose and shapes.
import type { Backend, Executable, Program, ProgramMemory, TensorSpec } from '@nn/core';
import { sameShape, specText } from '@nn/core';
import type { Purpose } from '../events.ts';
import type { DatasetVariables } from '../programs/datasetVariables.ts';

/** Which batches a program takes. */
export interface BatchRequest {
  readonly x: TensorSpec;
  readonly y: TensorSpec;
  /** Whether rows have weights. */
  readonly weighted: boolean;
  /** The data set on the device that it gathers them from; left out where they come from the host. */
  readonly dataset?: DatasetVariables;
}

/** And what it is for. */
export interface ProgramRequest extends BatchRequest {
  readonly purpose: Purpose;
  /** Of an evaluation: over the averages of the parameters. */
  readonly averaged?: boolean;
}

/** A compile that has just happened. */
export interface Compiled extends ProgramRequest {
  readonly seconds: number;
}

/** A compiled program, as far as its memory goes. */
export interface HeldProgram {
  readonly purpose: Purpose;
  /** Rows in the batches it takes. */
  readonly rows: number;
  readonly memory: ProgramMemory;
}

/** Training and validation each use two sizes of batches at most; there is room for one more pair. */
export const capacity = 6;

interface Entry {
  readonly request: ProgramRequest;
  readonly executable: Executable;
}

export class ProgramCache {
  readonly #backend: Backend;
  readonly #build: (request: ProgramRequest) => Program;
  /** From the one that was not used for longest to the last one used. */
  readonly #entries = new Map<string, Entry>();
  /** The last one of them: step after step asks for it. */
  #last: Entry | undefined;

  constructor(backend: Backend, build: (request: ProgramRequest) => Program) {
    this.#backend = backend;
    this.#build = build;
  }

  /** What is compiled at present. */
  get requests(): readonly ProgramRequest[] {
    return [...this.#entries.values()].map(({ request }) => request);
  }

  /** The bytes that each of them takes. */
  get held(): readonly HeldProgram[] {
    return [...this.#entries.values()].map(({ request: { purpose, x }, executable: { memory } }) => ({
      purpose,
      rows: x.shape[0] ?? 0,
      memory,
    }));
  }

  /** The program, and what compiling it took if it was not there. @throws the typed errors of tracing and compiling */
  async get(request: ProgramRequest): Promise<{ readonly executable: Executable; readonly compiled?: Compiled }> {
    if (this.#last !== undefined && isSame(this.#last.request, request)) return this.#last;
    const key = keyOf(request);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      this.#last = known;
      return known;
    }
    const start = performance.now();
    const executable = await this.#backend.compile(this.#build(request));
    const seconds = (performance.now() - start) / 1000;
    this.#last = { request, executable };
    this.#entries.set(key, this.#last);
    if (this.#entries.size > capacity) await this.#dropOldest();
    return { executable, compiled: { ...request, seconds } };
  }

  async dispose(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    this.#last = undefined;
    await Promise.all(entries.map(({ executable }) => executable.dispose()));
  }

  async #dropOldest(): Promise<void> {
    const [key, { executable }] = this.#entries.entries().next().value!;
    this.#entries.delete(key);
    await executable.dispose();
  }
}

/** Whether two requests are equal part by part, which those of a row of steps are. */
function isSame(a: ProgramRequest, b: ProgramRequest): boolean {
  return (
    a.purpose === b.purpose &&
    a.weighted === b.weighted &&
    (a.averaged ?? false) === (b.averaged ?? false) &&
    a.dataset === b.dataset &&
    isSameSpec(a.x, b.x) &&
    isSameSpec(a.y, b.y)
  );
}

function isSameSpec(a: TensorSpec, b: TensorSpec): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

/** Equal for requests that one program serves. */
export function keyOf({ purpose, x, y, weighted, dataset, averaged = false }: ProgramRequest): string {
  const variables = Object.entries(dataset ?? {}).map(([part, { spec, scale = [] }]) => `${part}: ${specText(spec)} ${scale.join()}`);
  return [purpose, weighted, averaged, specText(x), specText(y), ...variables].join(' ');
}
