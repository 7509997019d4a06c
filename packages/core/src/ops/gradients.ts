// Reverse-mode differentiation inside a trace: walks the recorded instructions backward and records their gradients.
import { zeros } from '../array/ndarray.ts';
import { specText } from '../array/dtype.ts';
import { DTypeError, ShapeError, TraceError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import type { Instr, Slot } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Trace } from '../program/trace.ts';
import { currentTrace } from '../program/trace.ts';
import { add } from './elementwise.ts';
import { constant } from './shaping.ts';
import type { InputGradients } from './spec.ts';
import { stretchTo } from './stretch.ts';
import { opNamed } from './table.ts';

/**
 * d(scalar)/d(each of wrt), recorded into the current trace. Composites are differentiated whole, so that training reaches fused
 * kernels. Calling it on a gradient gives second derivatives; a tensor that the scalar does not depend on gets zeros.
 *
 * @param scalar f32 []
 * @throws ShapeError when `scalar` is not a scalar, DTypeError for tensors that are not f32, TraceError for what is no list of tensors of this trace
 */
export function gradients(scalar: Tensor, wrt: readonly Tensor[]): Tensor[] {
  const trace = currentTrace('gradients');
  if (!Array.isArray(wrt))
    throw new TraceError(`gradients takes a list of tensors to differentiate by, such as [x], not ${valueText(wrt)}.`);
  const [root, ...sources] = [scalar, ...wrt].map((tensor) => trace.slotOf(tensor, 'gradients'));
  if (scalar.shape.length !== 0) {
    throw new ShapeError(`gradients: the differentiated value is ${specText(scalar)}, but a scalar is needed. Reduce it with sum or mean.`);
  }
  for (const tensor of [scalar, ...wrt]) {
    if (tensor.dtype !== 'f32') throw new DTypeError(`gradients: ${specText(tensor)} has no gradient; only f32 tensors have.`);
  }
  const seed = constantLike(scalar, 1);
  const found = pullBack(trace, { from: 0, to: trace.instrs.length }, new Map([[root!, seed]]), sources);
  return sources.map((slot) => found.get(slot) ?? constantLike(trace.tensorOf(slot), 0));
}

/** The gradient of a scalar function with respect to its first argument, as a function for traces: `run(backend, grad(f), x)`. */
export function grad(fn: (...inputs: Tensor[]) => Tensor): (...inputs: Tensor[]) => Tensor {
  return (...inputs) => gradients(fn(...inputs), inputs.slice(0, 1))[0]!;
}

/** As `grad`, with the function's value beside it. */
export function valueAndGrad(fn: (...inputs: Tensor[]) => Tensor): (...inputs: Tensor[]) => { value: Tensor; gradient: Tensor } {
  return (...inputs) => {
    const value = fn(...inputs);
    return { value, gradient: gradients(value, inputs.slice(0, 1))[0]! };
  };
}

/**
 * Cotangents of the `wrt` slots, given those of some slots, by way of the instructions in a range.
 * Only instructions between `wrt` and the given slots are visited.
 */
function pullBack(
  trace: Trace,
  range: { from: number; to: number },
  given: ReadonlyMap<Slot, Tensor>,
  wrt: readonly Slot[],
): Map<Slot, Tensor> {
  const dependent = new Set<Slot>(wrt);
  const dependentInstrs: Instr[] = [];
  for (const instr of trace.instrs.slice(range.from, range.to)) {
    if (!instr.in.some((slot) => dependent.has(slot))) continue;
    dependentInstrs.push(instr);
    for (const slot of instr.out) if (slot !== null && trace.tensorOf(slot).dtype === 'f32') dependent.add(slot);
  }
  const cotangents = new Map(given);
  for (const instr of dependentInstrs.toReversed()) {
    const outCotangents = instr.out.map((slot) => (slot === null ? undefined : cotangents.get(slot)));
    if (outCotangents.every((cotangent) => cotangent === undefined)) continue;
    const needs = instr.in.map((slot) => dependent.has(slot) && trace.tensorOf(slot).dtype === 'f32');
    const inputGradients = trace.within(instr.path, () => instrGradients(trace, instr, outCotangents, needs));
    inputGradients.forEach((gradient, index) => {
      if (gradient === null || !needs[index]) return;
      const slot = instr.in[index]!;
      const earlier = cotangents.get(slot);
      cotangents.set(slot, earlier === undefined ? gradient : add(earlier, gradient));
    });
  }
  return cotangents;
}

function instrGradients(
  trace: Trace,
  instr: Instr,
  cotangents: readonly (Tensor | undefined)[],
  needs: readonly boolean[],
): InputGradients {
  const op = opNamed(instr.op);
  const inputs = instr.in.map((slot) => trace.tensorOf(slot));
  const outputs = instr.out.map((slot) => trace.tensorOf(slot!));
  const call = { inputs, outputs, attrs: instr.attrs, cotangents, needs };
  if (op.kind === 'primitive') {
    if (op.vjp === 'nondifferentiable') return inputs.map(() => null);
    return op.vjp({ ...call, output: outputs[0]!, cotangent: cotangents[0]! });
  }
  const gradient = op.vjp?.(call);
  if (gradient !== undefined) return gradient;

  // No gradient of its own for this call: differentiate the definition. The forward part recorded here is what the
  // composite computes anyway; common-subexpression elimination merges what is computed twice.
  const from = trace.instrs.length;
  const definition = op.decompose(inputs, instr.attrs);
  const to = trace.instrs.length;
  const given = new Map<Slot, Tensor>();
  op.outputNames.forEach((name, index) => {
    const cotangent = cotangents[index];
    if (cotangent === undefined) return;
    const slot = trace.slotOf(definition[name]!);
    const earlier = given.get(slot);
    given.set(slot, earlier === undefined ? cotangent : add(earlier, cotangent));
  });
  const found = pullBack(trace, { from, to }, given, instr.in);
  return instr.in.map((slot) => found.get(slot) ?? null);
}

function constantLike(tensor: Tensor, value: 0 | 1): Tensor {
  const scalar = zeros([]);
  scalar.data[0] = value;
  return stretchTo(constant(scalar), tensor.shape);
}
