// nn-mnist from its arguments to its exit code.
import { isNnError } from '@nn/kit';
import { parseArguments } from './commandLine/arguments.ts';
import { compare } from './compare/compare.ts';
import { FileError, Interruption, UsageError } from './commandLine/errors.ts';
import type { Io } from './commandLine/io.ts';
import { writeLine } from './commandLine/io.ts';
import { predict } from './predict/predict.ts';
import { train } from './train/train.ts';

/**
 * Runs one command.
 * @param argv what was typed after the program's name
 * @returns what the process exits with: 0 done, 1 failed, 2 not understood, 130 stopped by Ctrl-C
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const request = parseArguments(argv, io);
    if (request.command === 'train') await train(request, io);
    if (request.command === 'compare') await compare(request, io);
    if (request.command === 'predict') await predict(request, io);
    return 0;
  } catch (error) {
    writeLine(io.stderr, `nn-mnist: ${messageOf(error, helpFor(argv, io))}`);
    return exitCodeOf(error);
  }
}

/** @param help the command that explains what can be typed */
function messageOf(error: unknown, help: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError) return `${error.message} See ${help}`;
  if (isNnError(error) || error instanceof FileError || error instanceof Interruption) return error.message;
  // Anything else is a mistake in this program, which its stack helps to find.
  return error.stack ?? error.message;
}

const commands: ReadonlySet<string> = new Set(['train', 'compare', 'predict']);

function helpFor([command]: readonly string[], { program }: Io): string {
  return commands.has(command ?? '') ? `${program} ${command} --help` : `${program} --help`;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2;
  return error instanceof Interruption ? error.exitCode : 1;
}
