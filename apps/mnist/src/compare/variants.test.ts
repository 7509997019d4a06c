// The cross product of settings, and what is no comparison.
import { describe, expect, it } from 'vitest';
import { UsageError } from '../commandLine/errors.ts';
import { defaultSettings, settingNames } from '../settings/settings.ts';
import type { SettingLists } from './variants.ts';
import { planOf, runName } from './variants.ts';

const single = Object.fromEntries(settingNames.map((name): [string, unknown] => [name, [defaultSettings[name]]])) as SettingLists;

const lists = (given: Partial<SettingLists>): SettingLists => ({ ...single, ...given });

describe('a plan', () => {
  it('is the cross product of all lists, the last one changing fastest', () => {
    const { axes, variants, seeds } = planOf(lists({ normalization: ['none', 'batch'], hidden: [[256, 128], []], seed: [7] }), 2);
    expect(axes).toEqual(['hidden', 'normalization']);
    expect(variants.map(({ label }) => label)).toEqual(['256,128, none', '256,128, batch', 'none, none', 'none, batch']);
    expect(variants[1]).toMatchObject({
      differences: { hidden: '256,128', normalization: 'batch' },
      settings: { ...defaultSettings, seed: 7, hidden: [256, 128], normalization: 'batch' },
    });
    expect(seeds).toEqual([7, 8]);
  });

  it('has three seeds, or those that are listed', () => {
    expect(planOf(lists({}), undefined).seeds).toEqual([0, 1, 2]);
    expect(planOf(lists({ seed: [5, 1] }), undefined).seeds).toEqual([5, 1]);
  });

  it('names the folders of runs so that every file system takes them', () => {
    const plan = planOf(lists({ swap: [[], [{ backend: 'reference', epoch: 1 }]], data: ['/a/b c', null] }), 1);
    expect(plan.variants.map((variant) => runName(variant, 3))).toEqual([
      'swap-none_data--a-b-c_seed-3',
      'swap-none_data-default_seed-3',
      'swap-reference@1_data--a-b-c_seed-3',
      'swap-reference@1_data-default_seed-3',
    ]);
  });

  it.each<[Partial<SettingLists>, number | undefined, string]>([
    [{}, 1, 'nothing differs'],
    [{ seed: [1, 2] }, 3, 'not both'],
    [{ epochs: [3, 1], swap: [[{ backend: 'reference', epoch: 1 }]] }, 2, 'nothing is trained after epoch 1 of 1'],
  ])('of %j and %s seeds is refused', (given, count, message) => {
    expect(() => planOf(lists(given), count)).toThrow(UsageError);
    expect(() => planOf(lists(given), count)).toThrow(message);
  });
});
