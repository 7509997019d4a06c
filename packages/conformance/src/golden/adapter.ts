// What connects an op of the golden files with the toolkit: an adapter computes a case on a backend and gives the results by name.
import type { Backend, Layer, NdArray, Tensor, Trace, VariableSpec } from '@nn/core';
import { FormatError, NdArray as HostArray, Session, cast, gradients, mul, newTrace, reshape, sameShape, sum } from '@nn/core';
import { execute } from './execute.ts';
import type { GoldenCase, GoldenTensors } from './format.ts';
import { inputArray } from './format.ts';

/** Something a case expects and the toolkit has no such thing for. It is reported, not compared. */
export interface NotKept {
  /** Why it does not exist here. */
  readonly notKept: string;
}

/** Results by section and name: `outputs/y`, `grads/x`, `stateAfter/runningMean`, `paramsAfter/5/dense0.W`. */
export type Results = ReadonlyMap<string, NdArray | NotKept>;

/** Computes a case. @throws NotYet when the toolkit lacks something it needs */
export type Adapter = (golden: GoldenCase, backend: Backend) => Promise<Results>;

/** What a {@link formula} gives: the outputs, and under which variables the state after it is found. */
export interface Recorded {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Path of a variable by its name in `stateAfter`. */
  readonly stateAfter?: Readonly<Record<string, string | NotKept>>;
  /** Outputs that are variables after the run: their paths. */
  readonly variablesAfter?: Readonly<Record<string, string>>;
}

/** What a {@link formula} is recorded with: the arrays of a case as tensors, and layers over them. */
export interface Scope {
  /** The array of that name, as an input of the program. @throws FormatError when the case has none */
  input(name: string): Tensor;
  /** The array of that name, if the case has it. */
  optionalInput(name: string): Tensor | undefined;
  /**
   * A layer applied at `path`, its variables taken from the case.
   * @param variables names in `inputs` or `stateBefore`, by the layer's own names: `{ kernel: 'W', bias: 'b' }`. An array takes the shape
   * that the variable has here: files keep axes of extent 1.
   */
  apply(
    layer: Layer,
    x: Tensor,
    options: { readonly variables: Readonly<Record<string, string>>; readonly training: boolean; readonly path?: string },
  ): Tensor;
}

/** An array as f32, whatever the file has: it writes an array of whole numbers as integers. */
export function realInput(scope: Scope, name: string): Tensor {
  return cast(scope.input(name), 'f32');
}

/** An adapter for what is one program: the function records the outputs, their gradients follow from the case's upstream. */
export function formula(record: (scope: Scope, golden: GoldenCase) => Recorded): Adapter {
  return async (golden, backend) => {
    const trace = newTrace();
    const scope = new CaseScope(trace, golden);
    const { outputs, found, stateAfter, variablesAfter } = trace.run(() => {
      const recorded = record(scope, golden);
      return { stateAfter: {}, variablesAfter: {}, ...recorded, found: recordGradients(scope, golden, recorded.outputs) };
    });
    const named = Object.entries(outputs).map(([name, tensor]) => [`outputs/${name}`, tensor] as const);
    const program = trace.finish({ ...Object.fromEntries(named), ...found });
    const variables = scope.variables();
    const run = await execute(backend, program, { inputs: scope.inputs(), variables });
    const results = new Map<string, NdArray | NotKept>(run.outputs);
    for (const [name, kept] of Object.entries(stateAfter)) {
      results.set(`stateAfter/${name}`, typeof kept === 'string' ? run.variables.get(kept)! : kept);
    }
    for (const [name, path] of Object.entries(variablesAfter)) results.set(`outputs/${name}`, run.variables.get(path)!);
    return results;
  };
}

/** dL/d(input) for each array in `grads`, with L = Σ upstream · output; gradients by name `grads/x`. */
function recordGradients(scope: CaseScope, golden: GoldenCase, outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const names = Object.keys(golden.grads ?? {});
  if (names.length === 0) return {};
  const terms = Object.keys(golden.upstream ?? {}).map((name) => {
    const output = outputs[name];
    if (output === undefined) throw new FormatError(`${golden.id}: upstream names "${name}", which is no output.`);
    return sum(mul(output, scope.upstream(name)));
  });
  const loss = terms.reduce((total, term) => total.add(term));
  const found = gradients(
    loss,
    names.map((name) => scope.input(name)),
  );
  return Object.fromEntries(names.map((name, index) => [`grads/${name}`, inShape(found[index]!, golden.grads![name]!.shape)]));
}

/** A gradient in the shape that the file has. */
function inShape(gradient: Tensor, shape: readonly number[]): Tensor {
  return sameShape(gradient.shape, shape) ? gradient : reshape(gradient, shape);
}

class CaseScope implements Scope {
  readonly #trace: Trace;
  readonly #golden: GoldenCase;
  readonly #sessions = new Map<boolean, Session>();
  /** Tensors that stand for arrays of the case, by name. */
  readonly #tensors = new Map<string, Tensor>();
  readonly #inputs = new Map<string, NdArray>();
  readonly #variables = new Map<string, NdArray>();

  constructor(trace: Trace, golden: GoldenCase) {
    this.#trace = trace;
    this.#golden = golden;
  }

  input(name: string): Tensor {
    return this.#tensors.get(name) ?? this.#declare(name, name, this.#array(name));
  }

  optionalInput(name: string): Tensor | undefined {
    return Object.hasOwn(this.#golden.inputs, name) ? this.input(name) : undefined;
  }

  apply(layer: Layer, x: Tensor, { variables, training, path = '' }: Parameters<Scope['apply']>[2]): Tensor {
    const session = this.#sessions.get(training) ?? new Session(this.#trace, { training });
    this.#sessions.set(training, session);
    const y = session.apply(path, layer, x);
    for (const [local, name] of Object.entries(variables)) {
      const variablePath = path === '' ? local : `${path}/${local}`;
      const spec = session.declared.get(variablePath);
      if (spec === undefined) throw new FormatError(`${this.#golden.id}: the layer ${layer.kind} has no variable "${local}".`);
      this.#variables.set(variablePath, asVariable(this.#array(name), spec));
      if (!this.#tensors.has(name))
        this.#tensors.set(name, this.#trace.readVariable(variablePath, { shape: spec.shape, dtype: spec.dtype }));
    }
    return y;
  }

  upstream(name: string): Tensor {
    return this.#declare(`upstream/${name}`, `upstream/${name}`, inputArray(this.#golden.upstream![name]!));
  }

  inputs(): Record<string, NdArray> {
    return Object.fromEntries(this.#inputs);
  }

  variables(): Record<string, NdArray> {
    return Object.fromEntries(this.#variables);
  }

  #declare(key: string, input: string, array: NdArray): Tensor {
    const tensor = this.#trace.input(input, { shape: array.shape, dtype: array.dtype });
    this.#tensors.set(key, tensor);
    this.#inputs.set(input, array);
    return tensor;
  }

  #array(name: string): NdArray {
    return caseArray(this.#golden, name);
  }
}

/** An array as the value of a variable. Files write an array of whole numbers as integers, whatever it is for. */
function asVariable(array: NdArray, { shape, dtype }: VariableSpec): NdArray {
  if (array.dtype === 'i32' && dtype === 'f32') return new HostArray(Float32Array.from(array.data), shape, 'f32');
  return array.reshape(shape);
}

/** An array among `inputs` or `stateBefore`. @throws FormatError when there is none of that name */
export function caseArray({ id, inputs, stateBefore }: GoldenCase, name: string): NdArray {
  const sections: (GoldenTensors | undefined)[] = [inputs, stateBefore];
  const tensor = sections.find((section) => section !== undefined && Object.hasOwn(section, name))?.[name];
  if (tensor === undefined) throw new FormatError(`${id} has no array "${name}".`);
  return inputArray(tensor);
}
