// One kernel on arrays of two lengths, in turns, each time on its own last results.
import { full } from '@nn/core';
import type { OpenBackend } from '@nn-tooling/training-scenarios';
import { doubling } from './lifetimes.ts';

/** A variable of each length after every turn. */
export interface Resizing {
  readonly short: readonly (readonly number[])[];
  readonly long: readonly (readonly number[])[];
}

const lengths = { short: 3, long: 70 };

/** Doubles two variables that begin as ones: the short one twice a turn, then the long one twice, each by a program made for that. */
export async function resizingOn(open: OpenBackend, turns: number): Promise<Resizing> {
  const { backend } = await open();
  const found: { [Name in keyof Resizing]: number[][] } = { short: [], long: [] };
  const stores = {
    short: await backend.createStore({ v: full([lengths.short], 1) }),
    long: await backend.createStore({ v: full([lengths.long], 1) }),
  };
  for (let turn = 0; turn < turns; turn++) {
    for (const name of ['short', 'long'] as const) {
      const executable = await backend.compile(doubling(lengths[name]));
      await executable.run(stores[name], {}).done;
      await executable.run(stores[name], {}).done;
      await executable.dispose();
      found[name].push([...(await stores[name].read('v')).data]);
    }
  }
  await backend.dispose();
  return found;
}

/** What {@link resizingOn} finds where all is right. */
export function resized(turns: number): Resizing {
  const valuesOf = (length: number): number[][] =>
    Array.from({ length: turns }, (_, turn) => new Array<number>(length).fill(4 ** (turn + 1)));
  return { short: valuesOf(lengths.short), long: valuesOf(lengths.long) };
}
