// What training keeps in memory between the forward and the backward pass: lecture 001's formula, and what programs really keep.
import type { TensorSpec } from '../array/dtype.ts';
import { bytesPerElement } from '../array/dtype.ts';
import { sizeOf } from '../array/shape.ts';
import { checkInteger } from '../errors/options.ts';
import { mul } from '../ops/elementwise.ts';
import { gradients } from '../ops/gradients.ts';
import { sum } from '../ops/reductions.ts';
import { newTrace } from '../ops/trace.ts';
import type { Keeps } from '../passes/lower.ts';
import { lower } from '../passes/lower.ts';
import { optimize } from '../passes/optimize.ts';
import { holdersOf, isView } from '../passes/views.ts';
import type { Program, Slot } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import { Session, variableTensorSpec } from './context.ts';
import type { AnyLayer } from './contract.ts';
import type { ModelShape } from './initialize.ts';
import { declareInputs, modelShape, ownVariables } from './initialize.ts';
import { valueParts } from './programs.ts';
import type { InputSpec, Structure } from './value.ts';
import { batchedSpec, isTensorSpec, partsOf } from './value.ts';

/** Bytes of one layer, children not included, or of a whole model. */
export interface MemoryNeed {
  /**
   * Lecture 001: d · B numbers for a layer of d units on batches of B, and 2d + 2 · d · B with batch normalization. That is, what each
   * layer with variables gives, and the running statistics.
   */
  readonly predicted: number;
  /** Of values that the forward pass computes and the backward pass reads again, in the program as it is run. */
  readonly retained: number;
}

/** Memory of training on batches of one size, beside parameters, gradients and data. */
export interface TrainingMemory extends MemoryNeed {
  readonly layers: ReadonlyMap<string, MemoryNeed>;
}

export interface MemoryOptions {
  /** Which composites run as one kernel: those of a backend, `(instr, slots) => backend.keeps(instr, slots)`; default all. */
  readonly keeps?: Keeps;
}

/**
 * Memory of training a model on batches of `batch` samples, from shapes alone: nothing is allocated.
 * @param input what one sample looks like, without the batch axis: `[784]`
 * @throws ConfigError unless `batch` is an integer from 1; the typed errors of the layers, which may refuse to train on such a batch
 */
export function memory(model: AnyLayer, input: InputSpec, batch: number, { keeps = () => true }: MemoryOptions = {}): TrainingMemory {
  checkInteger('memory', 'batch', batch, { from: 1 });
  const spec = batchedSpec(input, batch);
  const shape = modelShape(model, spec);
  const predicted = predictedBytes(shape);
  const retained = retainedBytes(model, spec, keeps);
  const layers = new Map(
    [...shape.layers.keys()].map((path) => [path, { predicted: predicted.get(path)!, retained: retained.get(path) ?? 0 }]),
  );
  return { layers, predicted: total(predicted.values()), retained: total(retained.values()) };
}

function predictedBytes({ specs, layers }: ModelShape): Map<string, number> {
  return new Map(
    [...layers].map(([path, { output }]) => {
      const own = ownVariables(specs, path);
      const buffers = own.filter(({ role }) => role === 'buffer');
      return [path, own.length === 0 ? 0 : bytesOf([...partsOf(output, '', isTensorSpec).map(([, part]) => part), ...buffers])];
    }),
  );
}

/** Bytes by the layer that computes them, of values that are computed before the last layer is done and read after that. */
function retainedBytes(model: AnyLayer, input: Structure<TensorSpec>, keeps: Keeps): Map<string, number> {
  const { program, forward } = differentiated(model, input);
  const run = optimize(lower(program, keeps));
  const holders = holdersOf(run);
  const computedIn = new Map<Slot, string>();
  const kept = new Set<Slot>();
  run.instrs.forEach(({ op, path, in: inputs, out, origins }, index) => {
    if (!(origins ?? [index]).every((origin) => origin < forward)) for (const slot of inputs) kept.add(holders[slot]!);
    else if (!isView(op)) for (const slot of out) if (slot !== null) computedIn.set(slot, path);
  });
  const bytes = new Map<string, number>();
  for (const slot of kept) {
    // Inputs and variables are not computed.
    const path = computedIn.get(slot);
    if (path !== undefined) bytes.set(path, (bytes.get(path) ?? 0) + bytesOf([run.slots[slot]!]));
  }
  return bytes;
}

/** The gradients of a model's parameters for a given cotangent of its output; its first instructions are the forward pass. */
function differentiated(model: AnyLayer, input: Structure<TensorSpec>): { program: Program; forward: number } {
  const trace = newTrace();
  return trace.run(() => {
    const session = new Session(trace, { training: true });
    const output = session.apply('', model, declareInputs(trace, input));
    const forward = trace.instrs.length;
    const parts = valueParts(output, 'y').filter(([, { dtype }]) => dtype === 'f32');
    const weighed = parts.map(([name, part]) => sum(mul(part, trace.input(`cotangent of ${name}`, part))));
    const parameters = [...session.declared].filter(([, { role }]) => role === 'parameter');
    const read = parameters.map(([path, spec]) => trace.readVariable(path, variableTensorSpec(spec)));
    const found = weighed.flatMap((scalar, index) => gradients(scalar, read).map((gradient, of) => [`${index}/${of}`, gradient] as const));
    return { program: trace.finish(Object.fromEntries<Tensor>(found)), forward };
  });
}

function bytesOf(specs: readonly TensorSpec[]): number {
  return total(specs.map(({ shape, dtype }) => sizeOf(shape) * bytesPerElement(dtype)));
}

function total(numbers: Iterable<number>): number {
  let result = 0;
  for (const number of numbers) result += number;
  return result;
}
