// From what was typed to what is to be done: the commands of nn-mnist, their flags and their help.
import { backendNames } from '@nn/backends';
import { isNnError } from '@nn/kit';
import { Command, CommanderError, Option } from 'commander';
import { UsageError } from './errors.ts';
import type { Field } from './fields.ts';
import { choice, integer, text } from './fields.ts';
import { predictHelp, programHelp, trainHelp } from './help.ts';
import type { Io } from './io.ts';
import type { SettingName, Settings } from './settings.ts';
import { settingNames, settingTable } from './settings.ts';
import { packageVersion } from './version.ts';

/** Train a network and keep the run in a folder. */
export interface TrainRequest {
  readonly command: 'train';
  readonly settings: Settings;
  /** The run folder; a new one below runs/ if none is given. */
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

export type Request = TrainRequest | PredictRequest | NoRequest;

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
  addPredict(program, io, give);
  try {
    program.parse(withoutSeparator(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: 'none' };
    // Without a command the help was shown.
    throw new UsageError(error.code === 'commander.help' ? 'Which command? train or predict.' : sentenceOf(error.message));
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
  const flags = alias === undefined ? `--${name}` : `--${alias}, --${name}`;
  return fieldOption(command, name, settingTable[name], description, flags).default(value, defaultText).helpGroup(group);
}

function fieldOption(command: string, name: string, field: Field<unknown>, description: string, flags = `--${name}`): Option {
  let earlier: unknown;
  return new Option(`${flags} ${field.placeholder}`, description).argParser((given: string) => {
    try {
      const value = field.check(command, `--${name}`, field.parse(given));
      earlier = earlier === undefined || field.join === undefined ? value : field.join(earlier, value);
      return earlier;
    } catch (error) {
      if (isNnError(error)) throw new UsageError(error.message);
      throw error;
    }
  });
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
