// From what was typed to what is to be done: the commands of nn-mnist, their flags and their help.
import { backendNames } from '@nn/backends';
import { isNnError } from '@nn/kit';
import { Command, CommanderError, Option } from 'commander';
import { UsageError } from './errors.ts';
import type { Field } from '../settings/fields.ts';
import { choice, integer, text } from '../settings/fields.ts';
import type { SettingLists } from '../compare/variants.ts';
import { defaultSeeds } from '../compare/variants.ts';
import { compareHelp, predictHelp, programHelp, trainHelp } from './help.ts';
import type { Io } from './io.ts';
import type { SettingName, Settings } from '../settings/settings.ts';
import { settingNames, settingTable } from '../settings/settings.ts';
import { packageVersion } from '../version.ts';

/** Train a network and keep the run in a folder. */
export interface TrainRequest {
  readonly command: 'train';
  readonly settings: Settings;
  /** The run folder; a new one below runs/ if none is given. */
  readonly out: string | undefined;
}

/** Train networks that differ in some settings, with several seeds, and compare them. */
export interface CompareRequest {
  readonly command: 'compare';
  readonly lists: SettingLists;
  /** How many seeds, from the first one on; undefined where the flag was not given. */
  readonly seeds: number | undefined;
  /** The folder of the comparison; a new one below runs/ if none is given. */
  readonly out: string | undefined;
}

/** Show one image and what the network of a run says about it. */
export interface PredictRequest {
  readonly command: 'predict';
  readonly run: string;
  readonly image: { readonly testImage: number } | { readonly file: string };
  /** In place of the run's own. */
  readonly data: string | undefined;
  readonly backend: Settings['backend'] | undefined;
  readonly json: boolean;
}

/** The help or the version was asked for, and is written. */
export interface NoRequest {
  readonly command: 'none';
}

export type Request = TrainRequest | CompareRequest | PredictRequest | NoRequest;

/** @throws UsageError for what nn-mnist does not know */
export function parseArguments(argv: readonly string[], io: Io): Request {
  let request: Request = { command: 'none' };
  const program = new Command('nn-mnist')
    .description('Train networks on MNIST and try them on single digits.')
    .version(packageVersion(), '-v, --version', 'show the version')
    .helpOption('-h, --help', 'explain the commands, or the flags of one of them')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (help) => io.stdout.write(help),
      writeErr: (help) => io.stderr.write(help),
      // Said by whoever catches the error.
      outputError: () => {},
      getOutHelpWidth: () => io.stdout.columns || 100,
      getErrHelpWidth: () => io.stderr.columns || 100,
    })
    .addHelpText('after', programHelp(io.program));
  const give = (made: Request): void => {
    request = made;
  };
  addTrain(program, io, give);
  addCompare(program, io, give);
  addPredict(program, io, give);
  try {
    program.parse(withoutSeparator(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: 'none' };
    // Without a command the help was shown.
    throw new UsageError(error.code === 'commander.help' ? 'Which command? train, compare or predict.' : sentenceOf(error.message));
  }
  return request;
}

function addTrain(program: Command, io: Io, give: (request: TrainRequest) => void): void {
  const train = program
    .command('train')
    .description('Train a network on a data set, MNIST if none is given, and keep the run in a folder.')
    .addHelpText('after', trainHelp(io.program));
  for (const name of settingNames) train.addOption(settingOption('train', name));
  train.addOption(new Option('--out <folder>', 'folder for the run, new or empty (default: runs/<date and time>)').helpGroup('Data'));
  train.action(({ out, ...settings }: Settings & { out?: string }) => {
    give({ command: 'train', settings, out });
  });
}

function addCompare(program: Command, io: Io, give: (request: CompareRequest) => void): void {
  const compare = program
    .command('compare')
    .description('Train networks that differ in some settings, each with several seeds, and compare them. Every flag takes several values.')
    .addHelpText('after', compareHelp(io.program));
  for (const name of settingNames) compare.addOption(listOption('compare', name));
  const count = integer('<count>', { from: 1, to: 1000 });
  compare.addOption(
    fieldOption('compare', 'seeds', count, `runs of each network, with seeds from --seed on (default: ${defaultSeeds})`).helpGroup(
      'Comparison',
    ),
  );
  const about = 'folder for the runs and the report; one that holds a stopped comparison goes on (default: runs/compare_<date and time>)';
  compare.addOption(new Option('--out <folder>', about).helpGroup('Comparison'));
  compare.action(({ out, seeds, ...lists }: SettingLists & { out?: string; seeds?: number }) => {
    give({ command: 'compare', lists, seeds, out });
  });
}

function addPredict(program: Command, io: Io, give: (request: PredictRequest) => void): void {
  const field = { index: integer('<number>', { from: 0 }), file: text('<file>'), folder: text('<folder>'), name: choice(backendNames) };
  program
    .command('predict')
    .description('Show an image and what the network of a run says about it.')
    .argument('<run>', 'folder that train wrote')
    .addOption(fieldOption('predict', 'index', field.index, 'the test image with this number, counted from 0').conflicts('image'))
    .addOption(fieldOption('predict', 'image', field.file, 'a PNG file of any size; see below'))
    .addOption(fieldOption('predict', 'data', field.folder, 'folder with the test images (default: those of the run)'))
    .addOption(fieldOption('predict', 'backend', field.name, 'what computes (default: that of the run)'))
    .option('--json', 'print data in place of a picture', false)
    .addHelpText('after', predictHelp(io.program))
    .action((run: string, options: { index?: number; image?: string; data?: string; backend?: Settings['backend']; json: boolean }) => {
      const { index, image, data, backend, json } = options;
      give({ command: 'predict', run, image: chosenImage(index, image), data, backend, json });
    });
}

function chosenImage(index: number | undefined, file: string | undefined): PredictRequest['image'] {
  if (index !== undefined) return { testImage: index };
  if (file !== undefined) return { file };
  throw new UsageError('predict: which image? Give --index 7 for a test image, or --image digit.png.');
}

function settingOption(command: string, name: SettingName): Option {
  const { default: value, defaultText, description, group, alias } = settingTable[name];
  return fieldOption(command, name, settingTable[name], description, flagsOf(name, alias)).default(value, defaultText).helpGroup(group);
}

/** As the option of `train`, with all values that are given, each once. */
function listOption(command: string, name: SettingName): Option {
  const { default: value, defaultText, description, group, alias } = settingTable[name];
  const field: Field<unknown> = settingTable[name];
  const values: unknown[] = [];
  const read = (given: string): readonly unknown[] => {
    for (const part of field.split(given)) {
      const next = orUsageError(() => field.check(command, `--${name}`, field.parse(part)));
      if (!values.some((known) => JSON.stringify(known) === JSON.stringify(next))) values.push(next);
    }
    return values;
  };
  return new Option(`${flagsOf(name, alias)} ${field.placeholder}`, description)
    .argParser(read)
    .default([value], defaultText ?? field.print(value))
    .helpGroup(group);
}

function flagsOf(name: string, alias: string | undefined): string {
  return alias === undefined ? `--${name}` : `--${alias}, --${name}`;
}

function fieldOption(command: string, name: string, field: Field<unknown>, description: string, flags = `--${name}`): Option {
  let earlier: unknown;
  return new Option(`${flags} ${field.placeholder}`, description).argParser((given: string) => {
    const value = orUsageError(() => field.check(command, `--${name}`, field.parse(given)));
    earlier = earlier === undefined || field.join === undefined ? value : field.join(earlier, value);
    return earlier;
  });
}

function orUsageError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isNnError(error)) throw new UsageError(error.message);
    throw error;
  }
}

/** `npm run` wants a `--` before the flags of a script and takes it away; pnpm passes it on. */
function withoutSeparator(argv: readonly string[]): string[] {
  return argv.filter((argument, index) => argument !== '--' || index !== 1);
}

/** Commander's message without its prefix, its suggestion on the same line. */
function sentenceOf(message: string): string {
  const line = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.?)]$/.test(line) ? '' : '.'}`;
}
