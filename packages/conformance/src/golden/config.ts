// Reading the settings of a golden case, with an error where they are not what they should be.
import { FormatError } from '@nn/core';
import type { GoldenConfig } from './format.ts';
import { isRecord } from './format.ts';
import { NotYet } from './notYet.ts';

export { NotYet };

/** The settings of a case (a case is one), or a record among them. */
export interface Settings {
  /** Of the case, for messages. */
  readonly id: string;
  readonly config: GoldenConfig;
}

/** A record among the settings; undefined where it is null or missing. @throws FormatError for anything else */
export function nestedSettings({ id, config }: Settings, name: string): Settings | undefined {
  const value = config[name] ?? undefined;
  if (value !== undefined && !isRecord(value)) throw unfit(id, name, value, 'a record');
  return value === undefined ? undefined : { id, config: value };
}

/** A number. @throws FormatError when there is none */
export function numberSetting({ id, config }: Settings, name: string): number {
  const value = config[name];
  if (typeof value !== 'number') throw unfit(id, name, value, 'a number');
  return value;
}

/** A number, or `otherwise` where the case has none. */
export function optionalNumber(settings: Settings, name: string, otherwise: number): number {
  return settings.config[name] === undefined ? otherwise : numberSetting(settings, name);
}

/** A flag; false where the case has none. */
export function flagSetting({ id, config }: Settings, name: string): boolean {
  const value = config[name] ?? false;
  if (typeof value !== 'boolean') throw unfit(id, name, value, 'true or false');
  return value;
}

/** A word; `otherwise` where the case has none. */
export function textSetting({ id, config }: Settings, name: string, otherwise?: string): string {
  const value = config[name] ?? otherwise;
  if (typeof value !== 'string') throw unfit(id, name, value, 'a word');
  return value;
}

/** A list of numbers. */
export function numbersSetting({ id, config }: Settings, name: string): readonly number[] {
  const value = config[name];
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'number')) throw unfit(id, name, value, 'a list of numbers');
  return value;
}

/** @throws NotYet unless the setting is missing or one of `known` */
export function expectSetting({ config }: Settings, name: string, ...known: readonly unknown[]): void {
  const value = config[name];
  if (value !== undefined && !known.includes(value)) throw new NotYet(`${name} ${JSON.stringify(value)}`);
}

function unfit(id: string, name: string, value: unknown, wanted: string): FormatError {
  return new FormatError(`${id}: config.${name} is ${JSON.stringify(value)}; ${wanted} is needed.`);
}
