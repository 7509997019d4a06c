// config.json: the settings of a run and what its data look like, enough to build the network again.
import { resolve } from 'node:path';
import { FormatError, didYouMean, isNnError } from '@nn/kit';
import { integers } from '../settings/fields.ts';
import { hiddenUnits, learningRateOf } from './model.ts';
import type { Settings } from '../settings/settings.ts';
import { checkSettings, settingNames } from '../settings/settings.ts';

export interface RunConfig extends Settings {
  /** Of this file's form. */
  readonly version: 1;
  /** Height and width of the images. */
  readonly image: readonly number[];
}

/** What a run is done with: the settings, with what the network and the optimizer choose themselves. @param image height and width */
export function configOf(settings: Settings, image: readonly number[]): RunConfig {
  const { data } = settings;
  const chosen = { hidden: hiddenUnits(settings), rate: learningRateOf(settings), data: data === null ? null : resolve(data) };
  return { version: 1, ...settings, ...chosen, image };
}

const imageField = integers('<height,width>', { from: 1 });

/**
 * Reads a configuration that was written as JSON.
 * @param name of the file, for messages
 * @throws FormatError for text that is no configuration
 */
export function parseRunConfig(text: string, name: string): RunConfig {
  const values = parseObject(text, name);
  const { version, image, ...settings } = values;
  if (version !== 1) throw new FormatError(`${name} is no configuration of version 1, the one this program reads.`);
  const unknown = Object.keys(settings).find((key) => !settingNames.some((setting) => setting === key));
  if (unknown !== undefined) throw new FormatError(`${name} has the unknown setting "${unknown}".${didYouMean(unknown, settingNames)}`);
  try {
    const size = imageField.check(name, 'image', image);
    if (size.length !== 2) throw new FormatError(`${name}: image has ${size.length} extents; it has height and width.`);
    return { version, ...checkSettings(name, settings), image: size };
  } catch (error) {
    throw isNnError(error) ? new FormatError(error.message, 'format.invalid', { cause: error }) : error;
  }
}

function parseObject(text: string, name: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FormatError(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}.`, 'format.invalid', {
      cause: error,
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FormatError(`${name} holds no settings; it is to be an object of them.`);
}
