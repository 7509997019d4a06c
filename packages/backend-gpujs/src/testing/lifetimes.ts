// Kernels that end before others and before their results.
import { full, newTrace } from '@nn/core';
import type { Program } from '@nn/core';
import type { OpenBackend } from '@nn-tooling/training-scenarios';

export interface Lifetimes {
  /** Of a short program, after each time that a long one came and went. */
  readonly results: readonly (readonly number[])[];
  /** What the device holds then. */
  readonly held: readonly number[];
  /** When the backend is gone, and the short program and its store were left to it. */
  readonly left: number;
}

/** So long that its kernel is not kept for later. */
const long = 40_000;

/** Runs a short program, and each time before it a long one that is disposed while the store has its result. */
export async function lifetimesOn(open: OpenBackend, turns: number): Promise<Lifetimes> {
  const { backend, held } = await open();
  const short = await backend.compile(doubling(3));
  const store = await backend.createStore({ v: full([3], 1) });
  const [results, found]: [number[][], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    const longStore = await backend.createStore({ v: full([long], 1) });
    const executable = await backend.compile(doubling(long));
    await executable.run(longStore, {}).done;
    await executable.dispose();
    await short.run(store, {}).done;
    results.push([...(await store.read('v')).data]);
    await longStore.dispose();
    found.push(held());
  }
  await backend.dispose();
  return { results, held: found, left: held() };
}

/** Doubles a variable. */
export function doubling(length: number): Program {
  const recording = newTrace();
  return recording.run(() => {
    recording.writeVariable('v', recording.readVariable('v', { shape: [length], dtype: 'f32' }).mul(2));
    return recording.finish({});
  });
}
