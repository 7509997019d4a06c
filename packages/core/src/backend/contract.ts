// What a backend is: it holds variables and compiles programs. This file is all that an implementation has to satisfy.
import type { OwnedForeignTensor } from '../array/foreign.ts';
import type { NdArray } from '../array/ndarray.ts';
import type { TensorSpec } from '../array/dtype.ts';
import type { Instr, Program } from '../program/program.ts';

/** What a backend's arithmetic and device can do; the conformance suite tests what is declared and shows the rest. */
export interface Capabilities {
  /** Arithmetic of f32 values. */
  readonly precision: 'f32' | 'f64';
  /** NaN, infinities and the sign of zero behave as IEEE 754 says. GPUs may assume they are absent. */
  readonly strictFloat: boolean;
  /** Values below 1.2e-38 are kept rather than flushed to zero. */
  readonly subnormals: boolean;
  /** 32-bit integer arithmetic is exact, so random bits are made on the device. */
  readonly exactIntegers: boolean;
  /**
   * How exact results are; the conformance suite allows errors accordingly. `library` (default): as with the functions of a good C library.
   * `relaxed`: four times that. `shader`: four times that, and what the WebGPU Shading Language lets `/`, `sqrt`, `exp`, `log`, `pow`, `sin`,
   * `cos` and `tanh` be off.
   */
  readonly accuracy?: Accuracy;
  /** Threads that take part in one run. */
  readonly threads: number;
  /**
   * Bytes of a data set that training may put into a store, so that programs gather its batches where they compute with them. Left out
   * where batches had better come from the host.
   */
  readonly datasetBytes?: number;
  /** In words, what the place it runs in keeps it from, and what it has changed there. */
  readonly notes?: readonly string[];
}

/** See {@link Capabilities.accuracy}. */
export type Accuracy = 'library' | 'relaxed' | 'shader';

/** Something worth knowing that did not stop the work: a fallback, a merged batch, a slower path. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

export interface CompileOptions {
  /** Fuse and eliminate (default true). The results are the same to the stated tolerance. */
  readonly optimize?: boolean;
  readonly signal?: AbortSignal;
}

/** A device that runs programs. Made by a factory such as `cpuBackend()`; models and trainers borrow it. */
export interface Backend extends AsyncDisposable {
  readonly specVersion: 1;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Which composites it runs as one kernel. Primitives it runs all. */
  keeps(instr: Instr, slots: readonly TensorSpec[]): boolean;
  /** Puts variables on the device; the arrays are copied. */
  createStore(variables: Readonly<Record<string, NdArray>>): Promise<Store>;
  /** @throws FormatError for a program that is not valid; BackendError for one that this device cannot run. */
  compile(program: Program, options?: CompileOptions): Promise<Executable>;
  /** Frees everything, as the end of a block with `await using` does. Safe to call twice; what it made throws DisposedError afterwards. */
  dispose(): Promise<void>;
  onWarning?: (event: Warning) => void;
  /** The elements as a tensor of the library that the backend runs on, for the caller to free. Backends on no such library have none. */
  toForeign?(array: NdArray): Promise<OwnedForeignTensor>;
}

/** Variables on a device, by name. */
export interface Store {
  readonly names: readonly string[];
  /** A copy of one variable on the host. @throws ConfigError for an unknown name. */
  read(name: string): Promise<NdArray>;
  /** Replaces one variable. @throws ConfigError, ShapeError, DTypeError when name, shape or dtype is not what the store holds. */
  write(name: string, value: NdArray): void;
  /** Device memory held. */
  readonly bytes: number;
  dispose(): Promise<void>;
}

/** A compiled program. */
export interface Executable {
  readonly program: Program;
  /**
   * Starts one run: reads the inputs and the variables, writes the variables back, stages the outputs to the host.
   * At most two runs are in flight; a third waits. Input arrays may be reused when `run` returns.
   * @param stores where the variables are: one store, or several that live for different times, such as parameters and a data set. A
   * variable is that of the first store that has it.
   * @throws ShapeError, DTypeError, ConfigError for inputs or variables that are not what the program declares.
   */
  run(stores: Store | readonly Store[], inputs: Readonly<Record<string, NdArray>>): Outputs;
  /** How each instruction of the program given to `compile` is run. */
  readonly report: readonly ReportRow[];
  readonly memory: ProgramMemory;
  dispose(): Promise<void>;
}

/** One row of {@link Executable.report}. */
export interface ReportRow {
  /** Index into the instructions of the program as given. */
  readonly instr: number;
  /** Part of a larger kernel, a kernel of its own (or several, for a decomposed composite), or run elsewhere. */
  readonly path: 'fused' | 'kernel' | 'fallback' | 'eliminated';
  readonly reason?: string;
}

/**
 * Bytes of the device that a compiled program takes, to the last one: what its blocks are rounded up to included. `retained` and
 * `scratch` together are what `compile` allocates and `dispose` gives back.
 */
export interface ProgramMemory {
  /** Of the variables it reads or writes, which are the store's. */
  readonly parameters: number;
  /** Of inputs and constants. */
  readonly retained: number;
  /** Of what instructions compute, where arrays take each other's place, and of what the kernels need beside. */
  readonly scratch: number;
}

/** Results of one run. */
export interface Outputs {
  /** @throws ConfigError for an unknown name; the error of the run when it failed. */
  read(name: string): Promise<NdArray>;
  /** Resolves when the variables are written; rejects with the error of the run. */
  readonly done: Promise<void>;
}
