// What a new backend writes: a device that holds buffers, and one kernel per op. `kernelBackend` does the rest; `sequenceBackend`
// does it for devices that want all steps of a program at once.
import type { DType, TensorSpec } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import type { PrimitiveAttrs } from '../ops/instructions.ts';
import type { CompositeAttrs, CompositeName } from '../ops/table.ts';
import type { Instr, Slot } from '../program/program.ts';

/**
 * Memory of a device. A buffer `B` holds elements of one dtype in row-major order and knows no shape: shapes are resolved when a
 * kernel is compiled, so a reshape is the same buffer and needs no kernel.
 *
 * Everything is ordered: `write`, `copy` and kernels take effect in the order of the calls, and `read` sees what came before it.
 */
export interface Device<B> {
  /** Bytes of one element in a buffer. */
  bytesPerElement(dtype: DType): number;
  /** What the device takes for a buffer of so many bytes; left out where that is the same. */
  blockBytes?(bytes: number): number;
  /** A program or store that plans to hold more bytes than this is refused before anything is allocated. */
  readonly memoryLimit?: number;
  /** @throws RangeError or BackendError when there is not enough memory; the first is reported as `backend.out-of-memory`. */
  allocate(dtype: DType, length: number): B;
  /** Copies host elements into a buffer. The array may change as soon as this returns. */
  write(buffer: B, array: NdArray): void;
  /** A copy of the elements on the host; a promise where the device works beside JavaScript. */
  read(buffer: B, spec: TensorSpec): NdArray | Promise<NdArray>;
  /** Copies all elements between two buffers of one dtype and length. */
  copy(from: B, to: B): void;
  /** Gives a buffer back. Left out where the garbage collector does it. */
  free?(buffer: B): void;
  /** Resolves when all that was asked for so far is done. Left out where kernels are done when they return. */
  finish?(): Promise<void>;
  /** Asked between kernels: a promise lets other work of the thread go first, so that a page stays responsive. */
  pause?(): Promise<void> | undefined;
  /** Frees what the device holds, buffers that were not freed one by one included. */
  dispose?(): void | Promise<void>;
}

/** One use of an op, known before anything runs. */
export interface KernelCall<A> {
  readonly attrs: A;
  readonly inputs: readonly TensorSpec[];
  /** null for an output nobody reads. */
  readonly outputs: readonly (TensorSpec | null)[];
}

/**
 * Computes one instruction. `outputs` has null where the call has. Inputs and outputs never share memory. What works later takes the buffers
 * out of the lists before it returns: another run puts others there.
 */
export type KernelRun<B> = (inputs: readonly B[], outputs: readonly (B | null)[]) => void;

/**
 * Prepares an instruction once, so that running it is loops only.
 * `R` is what it prepares: a function, or on a {@link SequenceDevice} what that device makes of an instruction.
 */
export type Kernel<B, A, R = KernelRun<B>> = (call: KernelCall<A>) => R;

/** Primitives that move no element: the same buffer under another shape. */
type ViewName = 'reshape';

/** The primitives a complete backend has a kernel for. */
export type KernelName = Exclude<keyof PrimitiveAttrs, ViewName>;

/** One kernel per primitive, and for those composites that the device runs as a whole. The others are decomposed. */
export type KernelTable<B, R = KernelRun<B>> = { readonly [N in KernelName]: Kernel<B, PrimitiveAttrs[N], R> } & {
  readonly [N in CompositeName]?: Kernel<B, CompositeAttrs[N], R>;
};

/** Some of the kernels; the rest runs on another backend. */
export type PartialKernelTable<B, R = KernelRun<B>> = Partial<KernelTable<B, R>>;

/** One instruction that computes something, as its kernel prepared it. */
export interface Step<B, R> {
  readonly instr: Instr;
  /** Entries change when another store is bound and when variables are written; those of variables are undefined until the first one is. */
  readonly inputs: readonly B[];
  /** null for an output nobody reads. Entries change when variables are written. */
  readonly outputs: readonly (B | null)[];
  readonly run: R;
}

/** The steps of a program as one piece of work. */
export interface Sequence {
  /**
   * Makes everything ready for runs on the buffers that the steps have now, under a number. Called before the first run with that number,
   * and again before it is to stand for other buffers.
   */
  bind?(binding: number): void;
  /** Runs all steps in order, on the buffers they have now, which are those of `binding`: a promise where the device works beside JavaScript. */
  run(binding: number): void | Promise<void>;
  /** Memory that the device takes for it beside the buffers of the steps (default 0). */
  readonly bytes?: number;
  /** How a step is run, in words, as far as that is known by now: a reason in the report. */
  describe?(step: number): string | undefined;
  dispose?(): void;
}

/** A device that runs a program as a whole instead of being called step by step. */
export interface SequenceDevice<B, R> extends Device<B> {
  /**
   * Joins the steps of a program.
   * @throws RangeError or BackendError when there is not enough memory
   */
  sequence(steps: readonly Step<B, R>[], use: SequenceUse): Sequence;
}

/** What happens to a sequence and its results. */
export interface SequenceUse {
  /** How many sets of buffers take turns: 2 where a run exchanges buffers with the store, else 1. */
  readonly bindings: number;
  /** Slots whose elements are read after a run; those of the other slots are needed by the steps alone. */
  readonly results: ReadonlySet<Slot>;
}
