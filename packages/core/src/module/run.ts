// `run`: one computation on a backend, without a model. The tool of the REPL and of tests.
import type { ForeignTensor } from '../array/foreign.ts';
import { withoutForeign } from '../array/foreign.ts';
import type { ArrayLike, NdArray } from '../array/ndarray.ts';
import { ndarray } from '../array/ndarray.ts';
import type { Backend } from '../backend/contract.ts';
import { ConfigError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import { expectBackend } from '../errors/records.ts';
import { trace } from '../ops/trace.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Structure } from './value.ts';
import { expectValue, isTensor, mapStructure, partsOf } from './value.ts';

/** What `run` returns for what the function returns: arrays in place of tensors. */
export type Arrays<R> = R extends Tensor ? NdArray : { readonly [K in keyof R]: NdArray };

/**
 * Traces `fn`, runs it once and returns its results: `await run(backend, relu, [-1, 0, 2])`.
 * @param arrays nested numbers, typed arrays, NdArrays or tensors of another library, one per parameter of `fn`
 * @throws ConfigError for what is no backend or no function; the typed errors of the ops, before anything runs
 */
export async function run<R extends Structure<Tensor>>(
  backend: Backend,
  fn: (...inputs: Tensor[]) => R,
  ...arrays: readonly (ArrayLike | ForeignTensor)[]
): Promise<Arrays<R>> {
  expectBackend(backend, 'run');
  if (typeof fn !== 'function') throw new ConfigError(`run takes a function of tensors, not ${valueText(fn)}.`);
  const given = await Promise.all(arrays.map((array) => withoutForeign<ArrayLike>(array)));
  const inputs = Object.fromEntries(given.map((array, index) => [String(index), ndarray(array)]));
  let structure: R | undefined;
  const program = trace(inputs, (tensors) => {
    structure = fn(...arrays.map((_, index) => tensors[String(index)]!));
    expectValue(structure, 'The function');
    return Object.fromEntries(partsOf<Tensor>(structure, 'y', isTensor));
  });
  const store = await backend.createStore({});
  const executable = await backend.compile(program);
  try {
    const outputs = executable.run(store, inputs);
    const names = Object.keys(program.outputs);
    const values = await Promise.all(names.map((name) => outputs.read(name)));
    const byName = new Map(names.map((name, index) => [name, values[index]!]));
    return mapStructure<Tensor, NdArray>(structure as Structure<Tensor>, 'y', isTensor, (_, name) => byName.get(name)!) as Arrays<R>;
  } finally {
    await executable.dispose();
    await store.dispose();
  }
}
