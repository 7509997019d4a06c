// A shader that the device's compiler refuses, among others that are right.
import { full, isNnError, trace } from '@nn/core';
import type { Program, Tensor } from '@nn/core';
import type { OpenBackend } from '@nn-tooling/training-scenarios';

/** Of a matrix whose product with itself takes long enough for another run to begin meanwhile. */
const size = 256;
/** What stands in the shaders that are made wrong, and what no compiler knows. */
const [right, wrong] = ['exp(', 'unknownFunction('];

export interface Refusal {
  /** Of the wrong program: of each run, then of reading each run's output. */
  readonly errors: readonly string[];
  /** Of a right program after each of these. */
  readonly results: readonly (readonly number[])[];
  /** What the device holds after each turn, when both programs are gone. */
  readonly held: readonly number[];
}

/** Runs a program with a wrong shader among its kernels `turns` times, each time made anew, and a right one after it. */
export async function refusalOn(open: OpenBackend, turns: number): Promise<Refusal> {
  const { backend, held } = await open();
  makeWrong();
  const store = await backend.createStore({});
  const x = full([size, size], 1 / 16);
  const [errors, results, found]: [string[], number[][], number[]] = [[], [], []];
  for (let turn = 0; turn < turns; turn++) {
    const executable = await backend.compile(programOf((input) => input.matmul(input).exp().sum(0).sqrt().max()));
    const first = executable.run(store, { x });
    // What the second one asks of the device comes later, and before the device has said anything about the first.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const runs = [first, executable.run(store, { x })];
    errors.push(...(await Promise.all([...runs.map((run) => run.done), ...runs.map((run) => run.read('y'))].map(errorOf))));
    await executable.dispose();
    const good = await backend.compile(programOf((input) => input.matmul(input).sum(0).sqrt().max()));
    results.push([...(await good.run(store, { x }).read('y')).data]);
    await good.dispose();
    found.push(held());
  }
  await backend.dispose();
  return { errors, results, held: found };
}

function programOf(compute: (x: Tensor) => Tensor): Program {
  return trace({ x: { shape: [size, size], dtype: 'f32' } }, ({ x }) => ({ y: compute(x) }));
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return isNnError(error) ? `${error.code}: ${error.message}` : String(error);
  }
}

/** Makes texts of shaders wrong on their way to the device from now on. */
function makeWrong(): void {
  const { shaderSource } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.shaderSource = function (shader, text) {
    shaderSource.call(this, shader, text.replaceAll(right, wrong));
  };
  const { createShaderModule } = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    return createShaderModule.call(this, { ...descriptor, code: descriptor.code.replaceAll(right, wrong) });
  };
}
