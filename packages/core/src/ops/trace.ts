// `trace`: runs a function on symbolic tensors and returns the program it recorded.
import type { TensorSpec } from '../array/dtype.ts';
import type { Attrs, Program } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Language, TraceOptions } from '../program/trace.ts';
import { Trace } from '../program/trace.ts';
import { opNamed } from './table.ts';
import { TracedTensor } from './tensor.ts';

/** The name of the output of a traced function that returns a single tensor. */
export const onlyOutput = 'output';

/** What tensors and shapes mean: connects recording (which knows no op) with the op table. */
export const language: Language = {
  createTensor: (owner, slot, spec) => new TracedTensor(owner, slot, spec),
  infer(name, inputs, attrs) {
    const op = opNamed(name);
    if (op.kind === 'primitive') return [op.infer(inputs, attrs)];
    op.check?.(inputs, attrs);
    const { slots, outputs } = decompose(name, inputs, attrs);
    return op.outputNames.map((output) => slots[outputs[output]!]!);
  },
};

/** An empty trace, for callers that declare inputs and variables as they go; `trace` serves everybody else. */
export function newTrace(options?: TraceOptions): Trace {
  return new Trace(language, options);
}

/**
 * The program of a function.
 * @param inputs names and specs of the program's inputs
 * @param body records the computation; a single tensor becomes the output named `output`
 * @throws TraceError when `body` is async or uses tensors of another trace; the typed errors of the ops it calls
 */
export function trace<const Names extends string>(
  inputs: Readonly<Record<Names, TensorSpec>>,
  body: (inputs: Readonly<Record<Names, Tensor>>, trace: Trace) => Tensor | Readonly<Record<string, Tensor>>,
  options?: TraceOptions,
): Program {
  const owner = newTrace(options);
  const tensors = Object.fromEntries(Object.entries<TensorSpec>(inputs).map(([name, spec]) => [name, owner.input(name, spec)]));
  const result = owner.run(() => body(tensors as Record<Names, Tensor>, owner));
  return owner.finish(result instanceof TracedTensor ? { [onlyOutput]: result } : (result as Readonly<Record<string, Tensor>>));
}

/** The definition of a composite for given inputs, as a program with inputs `'0'`, `'1'`, … and the composite's output names. */
export function decompose(name: string, inputs: readonly TensorSpec[], attrs: Attrs): Program {
  const op = opNamed(name);
  const owner = newTrace();
  const tensors = inputs.map((spec, index) => owner.input(String(index), spec));
  if (op.kind === 'primitive') throw new TypeError(`${name} is a primitive; it has no decomposition.`);
  return owner.finish(owner.run(() => op.decompose(tensors, attrs)));
}
