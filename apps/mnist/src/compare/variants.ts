// What a comparison runs: the cross product of all lists of settings, each with every seed.
import { UsageError } from '../commandLine/errors.ts';
import type { SettingName, Settings } from '../settings/settings.ts';
import { settingNames, settingText } from '../settings/settings.ts';
import { checkSwaps } from '../run/swap.ts';

/** The values of every setting, one or more. */
export type SettingLists = { readonly [Name in SettingName]: readonly Settings[Name][] };

/** One network and recipe among those that are compared. */
export interface Variant {
  /** The values that tell it from the others: "none, heNormal". */
  readonly label: string;
  /** The same by setting, as text. */
  readonly differences: Readonly<Record<string, string>>;
  readonly settings: Settings;
}

/** What is compared with what. */
export interface Plan {
  /** The settings that have several values, without the seed. */
  readonly axes: readonly SettingName[];
  /** The first is what the others are compared with. */
  readonly variants: readonly Variant[];
  readonly seeds: readonly number[];
}

/**
 * @param seedCount seeds from the first one on, where a single one is given
 * @throws UsageError where there is nothing to compare, or seeds are given in two ways
 */
export function planOf(lists: SettingLists, seedCount: number | undefined): Plan {
  const axes = settingNames.filter((name) => name !== 'seed' && lists[name].length > 1);
  const seeds = seedsOf(lists.seed, seedCount);
  if (axes.length === 0 && seeds.length === 1) {
    throw new UsageError('compare: nothing differs. Give a flag several values, as in --normalization none,batch, or several --seeds.');
  }
  const variants = product(lists).map((settings) => {
    const differences = Object.fromEntries(axes.map((name) => [name, settingText(name, settings[name])]));
    const label = axes.length === 0 ? 'all runs' : Object.values(differences).join(', ');
    checkSwaps(settings.swap, settings.epochs);
    return { label, differences, settings };
  });
  return { axes, variants, seeds };
}

/** A name for the folder of a run that tells it from the others of a comparison. */
export function runName({ differences }: Variant, seed: number): string {
  const parts = [...Object.entries(differences), ['seed', String(seed)]].map((pair) => pair.join('-'));
  return parts.join('_').replaceAll(/[^\w@.-]+/g, '-');
}

function seedsOf(given: readonly number[], count: number | undefined): readonly number[] {
  const [first = 0] = given;
  if (given.length === 1) return Array.from({ length: count ?? defaultSeeds }, (_, index) => first + index);
  if (count !== undefined) throw new UsageError('compare: give --seed a list, or one seed and with --seeds how many follow it; not both.');
  return given;
}

export const defaultSeeds = 3;

/** The last list changes fastest. Seeds are left as the first one: they are gone through apart. */
function product(lists: SettingLists): Settings[] {
  let combined: Readonly<Record<string, unknown>>[] = [{}];
  for (const name of settingNames) {
    const values: readonly unknown[] = name === 'seed' ? lists.seed.slice(0, 1) : lists[name];
    combined = combined.flatMap((settings) => values.map((value) => ({ ...settings, [name]: value })));
  }
  return combined as Settings[];
}
