// A golden case that is a node of an ONNX graph: inputs and outputs by position, attributes with the defaults of the operator.
import type { Layer, Tensor } from '@nn/core';
import { cast, FormatError } from '@nn/core';
import type { Adapter, Recorded, Scope } from '../adapter.ts';
import { formula } from '../adapter.ts';
import type { Settings } from '../config.ts';
import { NotYet } from '../config.ts';
import type { GoldenCase, GoldenTensor } from '../format.ts';
import { valuesOf } from '../format.ts';

/** What the function of an operator is recorded with. */
export class OnnxNode implements Settings {
  readonly id: string;
  readonly config: GoldenCase['config'];
  /** Version of the operator set; the newest where the case does not say. */
  readonly opset: number;
  readonly #scope: Scope;
  readonly #golden: GoldenCase;
  readonly #inputs: readonly string[];
  readonly #outputs: readonly string[];

  constructor(scope: Scope, golden: GoldenCase) {
    const { id, config, opset = Infinity, inputs, outputs = {}, inputOrder, outputOrder } = golden;
    this.id = id;
    this.config = config;
    this.opset = opset;
    this.#scope = scope;
    this.#golden = golden;
    this.#inputs = inputOrder ?? Object.keys(inputs);
    this.#outputs = outputOrder ?? Object.keys(outputs);
  }

  get inputCount(): number {
    return this.#inputs.length;
  }

  /** The input at a position, as f32. @throws FormatError when the node has none there */
  input(position: number): Tensor {
    const found = this.optional(position);
    if (found === undefined) throw new FormatError(`${this.id} has no input ${position}.`);
    return found;
  }

  /** As {@link input}, or undefined. */
  optional(position: number): Tensor | undefined {
    const name = this.#nameOf(position);
    if (name === undefined) return undefined;
    const tensor = this.#scope.input(name);
    return tensor.dtype === 'f32' ? tensor : cast(tensor, 'f32');
  }

  /** An input of integers, such as class indices. @throws FormatError when the node has none there */
  integers(position: number): Tensor {
    const name = this.#nameOf(position);
    if (name === undefined) throw new FormatError(`${this.id} has no input ${position}.`);
    return cast(this.#scope.input(name), 'i32');
  }

  /** All inputs, in order. */
  all(): Tensor[] {
    return this.#inputs.map((_, position) => this.input(position));
  }

  /** The numbers of an input that says what to compute: axes, a shape, a ratio. */
  values(position: number): readonly number[] | undefined {
    const name = this.#nameOf(position);
    return name === undefined ? undefined : [...valuesOf(this.#golden.inputs[name]!)];
  }

  /** What the case expects at a position. */
  expected(position: number): GoldenTensor | undefined {
    const name = this.#outputs[position];
    return name === undefined ? undefined : this.#golden.outputs?.[name];
  }

  /** Whether the case looks at the output at a position. */
  wants(position: number): boolean {
    return (this.#outputs[position] ?? '') !== '';
  }

  /** A layer over an input, its variables taken from inputs by their position. */
  apply(layer: Layer, x: Tensor, positions: Readonly<Record<string, number>> = {}, { training = false } = {}): Tensor {
    const variables = Object.fromEntries(Object.entries(positions).map(([variable, position]) => [variable, this.#nameOf(position) ?? '']));
    return this.#scope.apply(layer, x, { variables, training });
  }

  /** Results under the names of the outputs. @throws NotYet for an output that the function does not give */
  named(results: readonly OnnxResult[]): Recorded {
    const [outputs, variablesAfter]: [Record<string, Tensor>, Record<string, string>] = [{}, {}];
    this.#outputs.forEach((name, position) => {
      if (name === '') return;
      const result = results[position];
      if (result === undefined) throw new NotYet(`output ${position} of ${this.#golden.op}`);
      if (typeof result === 'string') variablesAfter[name] = result;
      else outputs[name] = result;
    });
    return { outputs, variablesAfter };
  }

  #nameOf(position: number): string | undefined {
    const name = this.#inputs[position] ?? '';
    return name === '' || !Object.hasOwn(this.#golden.inputs, name) ? undefined : name;
  }
}

/** An output: a tensor, or the path of the variable that holds it after the run. */
export type OnnxResult = Tensor | string;

/** An operator: computes its outputs, all or the first of them. @throws NotYet for settings that the toolkit cannot express */
export type OnnxOperator = (node: OnnxNode) => Tensor | readonly (OnnxResult | undefined)[];

/** The adapter of an operator. */
export function onnxAdapter(operator: OnnxOperator): Adapter {
  return formula((scope, golden) => {
    const node = new OnnxNode(scope, golden);
    const results = operator(node);
    return node.named(Array.isArray(results) ? (results as readonly OnnxResult[]) : [results as Tensor]);
  });
}
