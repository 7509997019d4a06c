// Recording: a trace collects instructions while a user's function runs, and becomes a program.
import type { TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import { expectSameSpec } from '../array/expectSpec.ts';
import { TraceError, isNnError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import type { Attrs, Instr, Program, Slot, VariableUse } from './program.ts';
import type { Tensor } from './tensor.ts';
import { traced } from './tensor.ts';

/** What a trace must know of the ops; given by the layer above, so that recording depends on no op. */
export interface Language {
  /** The tensor object of a slot, with the methods that record further instructions. */
  createTensor(trace: Trace, slot: Slot, spec: TensorSpec): Tensor;
  /** Shapes and dtypes of an instruction's outputs; throws the typed error when the inputs do not fit. */
  infer(op: string, inputs: readonly TensorSpec[], attrs: Attrs): readonly TensorSpec[];
}

export interface TraceOptions {
  /** Instructions remember the user's source line. Costs a stack trace per instruction. */
  readonly debug?: boolean;
}

/** Traces whose functions are running, the innermost last: tracing is synchronous, and a composite's inference traces its definition. */
const running: Trace[] = [];

/** The trace whose function is running. @throws TraceError outside of one. */
export function currentTrace(user: string): Trace {
  const current = running.at(-1);
  if (current === undefined) {
    throw new TraceError(
      `${user} was called outside of a trace. Operations record a program: use run(backend, fn, …) for a single computation.`,
    );
  }
  return current;
}

/** A program under construction. Use `trace(fn)` of the ops rather than this class. */
export class Trace {
  readonly #language: Language;
  readonly #debug: boolean;
  readonly #slots: TensorSpec[] = [];
  readonly #tensors: Tensor[] = [];
  readonly #instrs: Instr[] = [];
  readonly #inputs: Record<string, Slot> = Object.create(null) as Record<string, Slot>;
  readonly #constants: Record<Slot, NdArray> = {};
  readonly #variables: Record<string, { read: Slot; write?: Slot }> = Object.create(null) as Record<string, VariableUse>;
  readonly #writers: number[] = [];
  #path = '';
  #finished = false;

  constructor(language: Language, options: TraceOptions = {}) {
    this.#language = language;
    this.#debug = options.debug ?? false;
  }

  /** Path of the layer being applied; instructions remember it. */
  get path(): string {
    return this.#path;
  }

  /** Runs `body` with this trace as the one that operations record into; traces nest, and an async function is refused. */
  run<R>(body: () => R): R {
    running.push(this);
    try {
      const result = body();
      if (result instanceof Promise)
        throw new TraceError('The traced function is async. Tracing is synchronous: load data before, pass it in as inputs.');
      return result;
    } finally {
      running.pop();
    }
  }

  /** Runs `body` with instructions attributed to `path`, and the typed errors that it throws too. */
  within<R>(path: string, body: () => R): R {
    const outer = this.#path;
    this.#path = path;
    try {
      return body();
    } catch (error) {
      locate(error, path);
      throw error;
    } finally {
      this.#path = outer;
    }
  }

  /** Declares an input of the program. @throws TraceError when the name is taken. */
  input(name: string, spec: TensorSpec): Tensor {
    if (name in this.#inputs) throw new TraceError(`The input "${name}" is declared twice.`, 'trace.duplicate-name');
    const tensor = this.#newTensor(spec);
    this.#inputs[name] = tensor[traced].slot;
    return tensor;
  }

  /** The input of that name, or undefined: for inputs that exist only in programs that use them (`seed`, `step`). */
  existingInput(name: string): Tensor | undefined {
    const slot = this.#inputs[name];
    return slot === undefined ? undefined : this.#tensors[slot];
  }

  /** Puts a host array into the program. */
  constant(value: NdArray): Tensor {
    const tensor = this.#newTensor({ shape: value.shape, dtype: value.dtype });
    this.#constants[tensor[traced].slot] = value;
    return tensor;
  }

  /** The value of a variable before the run. The first call declares it. @throws ShapeError or DTypeError when declared otherwise before. */
  readVariable(name: string, spec: TensorSpec): Tensor {
    const use = this.#variables[name];
    if (use !== undefined) {
      expectSameSpec(spec, this.#slots[use.read]!, `Variable "${name}"`, 'it was declared before as');
      return this.#tensors[use.read]!;
    }
    const tensor = this.#newTensor(spec);
    this.#variables[name] = { read: tensor[traced].slot };
    return tensor;
  }

  /** The value a variable gets after the run; a later write replaces an earlier one. */
  writeVariable(name: string, value: Tensor): void {
    const use = this.#variables[name];
    if (use === undefined) throw new TraceError(`Variable "${name}" is written but was never declared; read it first.`);
    expectSameSpec(value, this.#slots[use.read]!, `The new value of variable "${name}"`, 'it was declared as');
    use.write = this.slotOf(value);
  }

  /** The value a variable will have after the run as far as traced: what was written last, or what is read. */
  currentValue(name: string): Tensor | undefined {
    const use = this.#variables[name];
    return use && this.#tensors[use.write ?? use.read];
  }

  /** Appends one instruction and returns its outputs. @throws the typed error of the op when the inputs do not fit. */
  record(op: string, attrs: Attrs, inputs: readonly Tensor[]): Tensor[] {
    if (this.#finished) {
      throw new TraceError(`${op}: this trace is finished. A tensor was kept and used after the traced function returned.`);
    }
    const slots = inputs.map((input) => this.slotOf(input, op));
    const source = this.#debug ? callerLine() : undefined;
    const outputs = this.#language.infer(op, inputs, attrs);
    const tensors = outputs.map((spec) => this.#newTensor(spec));
    const out = tensors.map((tensor) => tensor[traced].slot);
    for (const slot of out) this.#writers[slot] = this.#instrs.length;
    this.#instrs.push({ op, attrs, in: slots, out, path: this.#path, ...(source === undefined ? {} : { source }) });
    return tensors;
  }

  /** The slot of a tensor of this trace. @throws TraceError for a tensor of another trace or something that is no tensor. */
  slotOf(tensor: Tensor, user = 'This trace'): Slot {
    const mark = (tensor as Partial<Tensor> | undefined)?.[traced];
    if (mark === undefined) {
      throw new TraceError(
        `${user}: ${valueText(tensor)} was given where a traced tensor is needed. Put host arrays into a program with constant(array).`,
      );
    }
    if (mark.owner !== this) {
      throw new TraceError(
        `${user}: a tensor ${specText(tensor)} of another trace was used. Tensors live inside the function that is traced; ` +
          'pass values in as inputs, or keep them as variables.',
        'trace.foreign-tensor',
      );
    }
    return mark.slot;
  }

  /** The tensor of a slot. */
  tensorOf(slot: Slot): Tensor {
    return this.#tensors[slot]!;
  }

  /** The instructions so far, in order. */
  get instrs(): readonly Instr[] {
    return this.#instrs;
  }

  /** Index of the instruction that writes `slot`, or undefined for inputs, constants and variables. */
  writerOf(slot: Slot): number | undefined {
    return this.#writers[slot];
  }

  /** Ends the trace. */
  finish(outputs: Readonly<Record<string, Tensor>>): Program {
    const outputSlots: Record<string, Slot> = Object.create(null) as Record<string, Slot>;
    for (const [name, tensor] of Object.entries(outputs)) outputSlots[name] = this.slotOf(tensor, `Output "${name}"`);
    this.#finished = true;
    return {
      version: 1,
      slots: this.#slots,
      instrs: this.#instrs,
      inputs: this.#inputs,
      constants: this.#constants,
      variables: this.#variables,
      outputs: outputSlots,
    };
  }

  #newTensor(spec: TensorSpec): Tensor {
    const slot = this.#slots.length;
    this.#slots.push({ shape: Object.freeze([...spec.shape]), dtype: spec.dtype });
    const tensor = this.#language.createTensor(this, slot, this.#slots[slot]!);
    this.#tensors.push(tensor);
    return tensor;
  }
}

/** Errors whose message begins with a path. */
const located = new WeakSet<Error>();

/** Puts the path before the message of a typed error, which knows only the op. Of paths within each other the innermost says most. */
function locate(error: unknown, path: string): void {
  if (path === '' || !isNnError(error) || located.has(error)) return;
  located.add(error);
  error.message = `${path}: ${error.message}`;
}

/** The first line of the stack that is not this package's: where the user wrote the operation. */
function callerLine(): string | undefined {
  const lines = new Error().stack?.split('\n').slice(1) ?? [];
  const line = lines.find((text) => !/packages[\\/]core[\\/]|@nn[\\/]core[\\/]/.test(text));
  return line?.trim().replace(/^at /, '');
}
