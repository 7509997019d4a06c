// config.json, and files that are none.
import { FormatError } from '@nn/kit';
import { expect, it } from 'vitest';
import type { RunConfig } from './runConfig.ts';
import { parseRunConfig } from './runConfig.ts';
import { defaultSettings } from '../settings/settings.ts';

const config: RunConfig = { version: 1, ...defaultSettings, image: [28, 28] };
const changed = (changes: Record<string, unknown>): string => JSON.stringify({ ...config, ...changes });

it('is read as it was written', () => {
  expect(parseRunConfig(JSON.stringify(config), 'config.json')).toEqual(config);
});

it.each([
  ['{"version": 1', 'config.json is no JSON'],
  ['[]', 'config.json holds no settings'],
  ['null', 'config.json holds no settings'],
  ['{}', 'config.json is no configuration of version 1'],
  [changed({ version: 2 }), 'config.json is no configuration of version 1'],
  [changed({ hiden: [1] }), 'config.json has the unknown setting "hiden". Did you mean "hidden"?'],
  [changed({ hidden: 256 }), 'config.json: hidden is 256; it is a list of integers.'],
  [changed({ hidden: ['256'] }), "config.json: hidden is '256'; it is an integer"],
  [changed({ activation: 'step' }), "config.json: activation is 'step'; it is 'relu'"],
  [changed({ dropout: '0.1' }), "config.json: dropout is '0.1'; it is a finite number"],
  [changed({ data: 5 }), 'config.json: data is 5; it is a text'],
  [changed({ seed: undefined }), 'config.json: seed is undefined; it is an integer'],
  [changed({ image: [28] }), 'config.json: image has 1 extents; it has height and width.'],
  [changed({ image: undefined }), 'config.json: image is undefined'],
])('%s is refused', (text, message) => {
  expect(() => parseRunConfig(text, 'config.json')).toThrow(FormatError);
  expect(() => parseRunConfig(text, 'config.json')).toThrow(message);
});
