// Gradients against central differences in float64, element by element.
import type { Backend, Executable, NdArray, Store } from '@nn/core';
import { NdArray as HostArray } from '@nn/core';
import type { GradientProblem } from './problem.ts';
import { gradientProgram, lossOutput, lossProgram } from './problem.ts';

/** How a gradient is compared with differences. */
export interface DifferenceOptions {
  /** Half the distance between the two points of a difference: 1e-6. */
  readonly step?: number;
  /** 1e-6, where float64 differences are good to about 1e-9. */
  readonly rtol?: number;
  /** 1e-7 */
  readonly atol?: number;
}

/** One element of one gradient. */
export interface GradientError {
  readonly array: string;
  readonly index: number;
  readonly gradient: number;
  readonly difference: number;
  readonly error: number;
  readonly allowed: number;
}

/**
 * Every element of every gradient of a problem beside its central difference (L(x + h) − L(x − h)) / 2h.
 * @param backend one that keeps float64: differences in float32 say nothing
 */
export async function compareWithDifferences(
  backend: Backend,
  problem: GradientProblem,
  { step = 1e-6, rtol = 1e-6, atol = 1e-7 }: DifferenceOptions = {},
): Promise<GradientError[]> {
  const store = await backend.createStore(problem.variables);
  const [loss, gradient] = [await backend.compile(lossProgram(problem)), await backend.compile(gradientProgram(problem))];
  try {
    const found = await gradientsOf(gradient, store, problem);
    const errors: GradientError[] = [];
    for (const [array, values] of found) {
      const evaluate = lossAround(loss, store, problem, array);
      for (let index = 0; index < values.size; index++) {
        const difference = problem.stopsGradient ? 0 : ((await evaluate(index, step)) - (await evaluate(index, -step))) / (2 * step);
        const value = values.data[index]!;
        errors.push({
          array,
          index,
          gradient: value,
          difference,
          error: Math.abs(value - difference),
          allowed: atol + rtol * Math.abs(difference),
        });
      }
    }
    return errors;
  } finally {
    await Promise.all([loss.dispose(), gradient.dispose(), store.dispose()]);
  }
}

async function gradientsOf(executable: Executable, store: Store, problem: GradientProblem): Promise<Map<string, NdArray>> {
  const outputs = executable.run(store, problem.inputs);
  const found = new Map<string, NdArray>();
  for (const name of Object.keys(executable.program.outputs)) {
    if (name.startsWith('gradient/')) found.set(name.slice('gradient/'.length), await outputs.read(name));
  }
  await outputs.done;
  return found;
}

/** The loss as a function of one element of one array, which is an input or a variable. */
function lossAround(
  executable: Executable,
  store: Store,
  problem: GradientProblem,
  array: string,
): (index: number, by: number) => Promise<number> {
  const isInput = Object.hasOwn(problem.inputs, array);
  const center = isInput ? problem.inputs[array]! : problem.variables[array]!;
  return async (index, by) => {
    const data = Float64Array.from(center.data);
    data[index]! += by;
    const moved = new HostArray(data, center.shape, 'f32');
    // Training programs write running statistics: every evaluation starts from the same variables.
    for (const [name, value] of Object.entries(problem.variables)) store.write(name, value);
    if (!isInput) store.write(array, moved);
    const outputs = executable.run(store, isInput ? { ...problem.inputs, [array]: moved } : problem.inputs);
    const value = (await outputs.read(lossOutput)).item();
    await outputs.done;
    return value;
  };
}
