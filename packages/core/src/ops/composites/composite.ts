// Recording a composite: one instruction with named outputs.
import type { Attrs } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import { currentTrace } from '../../program/trace.ts';
import type { Composite } from '../spec.ts';

/** Records one call of a composite and returns its outputs by name. @throws the typed error of the op when the inputs do not fit */
export function callComposite<A extends Attrs, Output extends string>(
  spec: Composite<string, A, Output>,
  inputs: readonly Tensor[],
  attrs: A,
): Record<Output, Tensor> {
  const tensors = currentTrace(spec.name).record(spec.name, attrs, inputs);
  return Object.fromEntries(spec.outputNames.map((name, index) => [name, tensors[index]!])) as Record<Output, Tensor>;
}
