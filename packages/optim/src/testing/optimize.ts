// Runs an optimizer alone on the reference backend: one parameter, gradients as the test gives them.
import { referenceBackend } from '@nn/backend-reference';
import type { Context, Optimizer, Program, TensorSpec } from '@nn/core';
import { NdArray, fillVariables, newTrace } from '@nn/core';

export interface Steps {
  readonly start: readonly number[];
  /** The gradient at a parameter value. */
  readonly gradient: (parameter: readonly number[]) => readonly number[];
  /** One entry per step. */
  readonly learningRates: readonly number[];
}

/** The parameter after each step. */
export async function optimize(optimizer: Optimizer, { start, gradient, learningRates }: Steps): Promise<number[][]> {
  const backend = referenceBackend();
  const { schedules = {} } = optimizer;
  const spec: TensorSpec = { shape: [start.length], dtype: 'f32' };
  const slots = fillVariables(new Map(Object.entries(optimizer.variables(spec))), 0);
  const store = await backend.createStore({ ...slots, parameter: float64(start, spec.shape) });
  const executable = await backend.compile(updateProgram(optimizer, spec));
  const parameters: number[][] = [];
  for (const [index, learningRate] of learningRates.entries()) {
    const before = [...(await store.read('parameter')).data];
    const outputs = executable.run(store, {
      gradient: float64(gradient(before), spec.shape),
      step: new NdArray(Int32Array.of(index + 1), [], 'i32'),
      learningRate: float64([learningRate], []),
      ...Object.fromEntries(Object.entries(schedules).map(([name, schedule]) => [`scheduled/${name}`, float64([schedule(index + 1)], [])])),
    });
    await outputs.done;
    parameters.push([...(await store.read('parameter')).data]);
  }
  await backend.dispose();
  return parameters;
}

function updateProgram(optimizer: Optimizer, spec: TensorSpec): Program {
  const trace = newTrace();
  return trace.run(() => {
    const parameter = trace.readVariable('parameter', spec);
    const context: Context = {
      training: true,
      path: 'parameter',
      get: (name) => trace.readVariable(name, spec),
      set: (name, value) => trace.writeVariable(name, value),
      uniform: refuse,
      call: refuse,
      tap: refuse,
    };
    const step = trace.input('step', { shape: [], dtype: 'i32' });
    const learningRate = trace.input('learningRate', { shape: [], dtype: 'f32' });
    const names = Object.keys(optimizer.schedules ?? {});
    const scheduled = Object.fromEntries(names.map((name) => [name, trace.input(`scheduled/${name}`, { shape: [], dtype: 'f32' })]));
    const updated = optimizer.update(parameter, trace.input('gradient', spec), { ...context, step, learningRate, scheduled });
    trace.writeVariable('parameter', updated);
    return trace.finish({});
  });
}

function refuse(): never {
  throw new Error('An optimizer reads and writes its slots and nothing else.');
}

function float64(values: readonly number[], shape: readonly number[]): NdArray {
  return new NdArray(Float64Array.from(values), shape, 'f32');
}
