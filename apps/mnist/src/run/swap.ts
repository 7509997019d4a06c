// `--swap reference@1`: training goes on with another backend after an epoch.
import { backendNames } from '@nn/backends';
import type { Backend, Callback, Trainer } from '@nn/kit';
import { ConfigError, checkChoice, checkInteger, valueText } from '@nn/kit';
import { UsageError } from '../commandLine/errors.ts';
import type { Field } from '../settings/fields.ts';

export interface Swap {
  /** Name of the backend that goes on. */
  readonly backend: (typeof backendNames)[number];
  /** Epochs that are trained before. */
  readonly epoch: number;
}

/** `NAME@EPOCH`, several of them between commas. */
export const swapField: Field<readonly Swap[]> = {
  placeholder: '<name@epoch>',
  parse: (given) => (given === 'none' ? [] : given.split(',').map(parseSwap)),
  check(owner, name, value) {
    if (!Array.isArray(value)) throw new ConfigError(`${owner}: ${name} is ${valueText(value)}; it is a list of swaps.`);
    return value.map((swap: unknown) => {
      if (typeof swap !== 'object' || swap === null || !('backend' in swap) || !('epoch' in swap)) {
        throw new ConfigError(
          `${owner}: ${name} is ${valueText(swap)}; it is a backend and the epoch after which it goes on: reference@1.`,
        );
      }
      return {
        backend: checkChoice(owner, name, swap.backend, backendNames),
        epoch: checkInteger(owner, `${name} after epoch`, swap.epoch as number, { from: 1 }),
      };
    });
  },
  print: (swaps) => (swaps.length === 0 ? 'none' : swaps.map(({ backend, epoch }) => `${backend}@${epoch}`).join(',')),
  split: (text) => [text],
  join: (earlier, later) => [...earlier, ...later],
};

/** A text that is no swap is given back, for `check` to refuse. */
function parseSwap(text: string): unknown {
  const [, backend, epoch] = /^(.+)@(\d+)$/.exec(text) ?? [];
  return backend === undefined ? text : { backend, epoch: Number(epoch) };
}

/** @throws UsageError for a swap that is never reached, and for two at once */
export function checkSwaps(swaps: readonly Swap[], epochs: number): void {
  for (const { backend, epoch } of swaps) {
    if (epoch >= epochs) {
      throw new UsageError(
        `--swap: nothing is trained after epoch ${epoch} of ${epochs}, where "${backend}" would go on. Give an earlier one.`,
      );
    }
    if (swaps.filter((other) => other.epoch === epoch).length > 1) {
      throw new UsageError(`--swap: several backends would go on after epoch ${epoch}. Give one.`);
    }
  }
}

/**
 * A callback that moves the trainer when its epochs are done.
 * @param backends by name; they are borrowed
 * @param listeners hear of every move
 */
export function swapBackends(
  trainer: Trainer,
  swaps: readonly Swap[],
  backends: ReadonlyMap<string, Backend>,
  listeners: readonly Callback[],
): Callback {
  return async (event) => {
    const swap = event.type === 'epochEnd' ? swaps.find(({ epoch }) => epoch === event.epoch) : undefined;
    if (swap === undefined) return;
    const from = trainer.backend.name;
    const backend = backends.get(swap.backend)!;
    await trainer.moveTo(backend);
    for (const listener of listeners) await listener({ type: 'moved', from, to: backend.name });
  };
}
