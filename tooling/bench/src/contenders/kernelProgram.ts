// Programs of single operations. Operands are variables, so that nothing is uploaded, and of the results one element each is an output, so
// that nothing is downloaded: what is measured is the operation.
import type { Context, NdArray, Program, StepScalars, Tensor, Trace } from '@nn/kit';
import {
  Session,
  TraceError,
  abs,
  adam,
  add,
  constant,
  dropout,
  elementwise,
  gradients,
  matmul,
  mean,
  ndarray,
  normalize,
  opNamed,
  reshape,
  scalar,
  slice,
  softmaxCrossEntropy,
  trace,
} from '@nn/kit';
import type { Task } from '../workloads.ts';

/** Tasks of one operation. */
export type KernelTask = Extract<
  Task,
  { readonly kind: 'matmul' | 'batchNorm' | 'layerNorm' | 'crossEntropy' | 'elu' | 'dropout' | 'adam' }
>;

type Operand = (name: string) => Tensor;

/**
 * @param shows `samples`: one element of each result, and new values are written to the variables; `magnitudes`: the mean magnitudes of all
 * results, added up, as the output `magnitude`
 */
export function kernelProgram(task: KernelTask, arrays: Readonly<Record<string, NdArray>>, shows: 'samples' | 'magnitudes'): Program {
  return trace({}, (_, recording) => {
    const operand: Operand = (name) => recording.readVariable(name, arrays[name]!);
    const { results, updates = {} } = record(task, recording, operand);
    const all = [...Object.entries(results), ...Object.entries(updates)].map(([, tensor]) => tensor);
    if (shows === 'magnitudes') return { magnitude: all.map((tensor) => mean(abs(tensor))).reduce((sum, value) => add(sum, value)) };
    for (const [name, tensor] of Object.entries(updates)) recording.writeVariable(name, tensor);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, firstElement(tensor)]));
  });
}

interface Recorded {
  readonly results: Readonly<Record<string, Tensor>>;
  /** New values of operands. */
  readonly updates?: Readonly<Record<string, Tensor>>;
}

function record(task: KernelTask, recording: Trace, operand: Operand): Recorded {
  switch (task.kind) {
    case 'matmul':
      return { results: { y: matmul(operand('a'), operand('b'), { transposeA: task.transposeA }) } };
    case 'batchNorm':
    case 'layerNorm':
      return { results: recordNormalization(task.kind, recording, operand) };
    case 'crossEntropy': {
      const x = operand('x');
      const loss = mean(softmaxCrossEntropy().apply(x, operand('y')));
      return { results: { loss, dx: gradients(loss, [x])[0]! } };
    }
    case 'elu': {
      const y = elementwise((x) => scalar.elu(x), operand('x'));
      return { results: { y, dx: operandGradients(recording, y, operand('dy'))[0]! } };
    }
    case 'dropout': {
      const session = new Session(recording, { training: true });
      return { results: { y: session.apply('dropout', dropout({ rate: 0.5 }), operand('x')) } };
    }
    case 'adam':
      return recordAdam(operand);
  }
}

function recordNormalization(kind: 'batchNorm' | 'layerNorm', recording: Trace, operand: Operand): Record<string, Tensor> {
  const [x, dy] = [operand('x'), operand('dy')];
  const features = x.shape.length - 1;
  const broad = (tensor: Tensor) => reshape(tensor, [...Array.from({ length: features }, () => 1), -1]);
  const axes = kind === 'batchNorm' ? Array.from({ length: features }, (_, axis) => axis) : [features];
  const { y } = normalize(x, broad(operand('gamma')), broad(operand('beta')), { axes, epsilon: 1e-5 });
  const [dx, dGamma, dBeta] = operandGradients(recording, y, dy);
  return { y, dx: dx!, dGamma: dGamma!, dBeta: dBeta! };
}

function recordAdam(operand: Operand): Recorded {
  const updates: Record<string, Tensor> = {};
  const refuse = (): never => {
    throw new TraceError('Adam needs its moments only.');
  };
  const context: Context & StepScalars = {
    training: true,
    path: '',
    get: (name) => updates[name] ?? operand(name),
    set: (name, value) => void (updates[name] = value),
    uniform: refuse,
    call: refuse,
    tap: refuse,
    step: constant(ndarray(Int32Array.of(1), { shape: [] })),
    learningRate: constant(ndarray(Float32Array.of(0.001), { shape: [] })),
  };
  updates['w'] = adam().update(operand('w'), operand('g'), context);
  return { results: {}, updates };
}

/** What the operation that gave `y` passes back to its operands for a given gradient of `y`. */
function operandGradients(recording: Trace, y: Tensor, dy: Tensor): (Tensor | null)[] {
  const instr = recording.instrs[recording.writerOf(recording.slotOf(y))!]!;
  const inputs = instr.in.map((slot) => recording.tensorOf(slot));
  const outputs = instr.out.map((slot) => recording.tensorOf(slot!));
  const cotangents = outputs.map((output) => (output === y ? dy : undefined));
  const call = { inputs, outputs, attrs: instr.attrs, cotangents, needs: inputs.map(() => true) };
  const op = opNamed(instr.op);
  if (op.vjp === 'nondifferentiable') return [];
  const found = op.kind === 'primitive' ? op.vjp({ ...call, output: y, cotangent: dy }) : op.vjp?.(call);
  return [...(found ?? [])];
}

const firstElement = (tensor: Tensor) =>
  slice(
    tensor,
    tensor.shape.map(() => 0),
    tensor.shape.map(() => 1),
  );
