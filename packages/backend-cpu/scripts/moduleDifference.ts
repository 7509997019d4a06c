// How one compiled module is made from another that is much the same: with relaxed SIMD and without, most functions are equal.
import type { ModuleDifference } from '../src/wasm/packedModule.ts';
import { packed } from './pack.ts';

/** Shorter runs of equal bytes cost more to name than to repeat. */
const shortestRun = 16;

/** The difference that `applyDifference` of src/wasm/packedModule.ts undoes. */
export function differenceOf(target: Uint8Array, source: Uint8Array): ModuleDifference {
  const places = placesOf(source);
  const steps: number[] = [];
  const added: number[] = [];
  let at = 0;
  let unnamed = 0;
  let next = 0;
  while (at < target.length) {
    const run = longestRun(target, at, source, places, next);
    if (run.length < shortestRun) {
      added.push(target[at++]!);
      unnamed++;
      continue;
    }
    steps.push(unnamed, run.from - next, run.length);
    next = run.from + run.length;
    at += run.length;
    unnamed = 0;
  }
  return { steps, added: packed(Uint8Array.from(added)) };
}

/** Where each sequence of `shortestRun` bytes begins. */
function placesOf(source: Uint8Array): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (let from = 0; from + shortestRun <= source.length; from++) {
    const key = keyAt(source, from);
    const known = places.get(key);
    if (known === undefined) places.set(key, [from]);
    else known.push(from);
  }
  return places;
}

const keyAt = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + shortestRun).join();

/** The longest of the runs that begin like `target` at `at`; of equally long ones that which is nearest to `next`. */
function longestRun(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  places: ReadonlyMap<string, readonly number[]>,
  next: number,
): { readonly from: number; readonly length: number } {
  let best = { from: 0, length: 0 };
  for (const from of places.get(keyAt(target, at)) ?? []) {
    let length = 0;
    while (at + length < target.length && from + length < source.length && target[at + length] === source[from + length]) length++;
    const isNearer = length === best.length && Math.abs(from - next) < Math.abs(best.from - next);
    if (length > best.length || isNearer) best = { from, length };
  }
  return best;
}
