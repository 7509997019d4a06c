// Gradient accumulation: the gradients of several batches are averaged for one update.
import type { Session, Tensor, VariableSpec } from '@nn/core';
import { elementwise, scalar, variableTensorSpec, where, zeros } from '@nn/core';

type Gradients = Readonly<Record<string, Tensor>>;

/** Batches since the last update, f32 []. */
const countPath = 'accumulation/count';
const scalarSpec: VariableSpec = zeroVariable([]);

function accumulatedPath(parameter: string): string {
  return `accumulated/${parameter}`;
}

/** The sums of the gradients of parameters, and how many batches are in them. */
export function accumulationVariables(parameters: Iterable<readonly [path: string, spec: VariableSpec]>): Map<string, VariableSpec> {
  const sums = Array.from(parameters, ([path, { shape }]) => [accumulatedPath(path), zeroVariable(shape)] as const);
  return new Map([...sums, [countPath, scalarSpec]]);
}

/**
 * Adds the gradients of a batch to the sums.
 * @returns the mean over `batches`, and whether it is complete (bool []); the sums begin anew then
 */
export function accumulateGradients(
  session: Session,
  found: Gradients,
  batches: number,
): { readonly means: Gradients; readonly due: Tensor } {
  const { trace } = session;
  const count = trace.readVariable(countPath, variableTensorSpec(scalarSpec)).add(1);
  const due = elementwise((n) => scalar.greaterEqual(n, batches), count);
  trace.writeVariable(countPath, where(due, 0, count));
  const means = Object.entries(found).map(([path, gradient]) => {
    const sum = trace.within(path, () => trace.readVariable(accumulatedPath(path), gradient).add(gradient));
    trace.within(path, () => trace.writeVariable(accumulatedPath(path), where(due, 0, sum)));
    return [path, trace.within(path, () => sum.div(batches))] as const;
  });
  return { means: Object.fromEntries(means), due };
}

function zeroVariable(shape: readonly number[]): VariableSpec {
  return { shape, dtype: 'f32', role: 'buffer', init: { from: [], fill: () => zeros(shape) } };
}
