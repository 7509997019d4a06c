// Runs nn-mnist within the test's process.
import { Writable } from 'node:stream';
import type { Io, Output } from '../commandLine/io.ts';
import { main } from '../main.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly signal?: AbortSignal;
  /** Columns of the terminal that stdout is (no terminal). */
  readonly terminal?: number;
  /** Hears what is written to stdout while the command runs. */
  readonly onOutput?: (text: string) => void;
}

/** The arguments of a command, and what it wrote and returned. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const stdout = new Capture(options.terminal, options.onOutput);
  const stderr = new Capture(undefined, undefined);
  const exitCode = await main(argv, ioOf(stdout, stderr, options.signal));
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

function ioOf(stdout: Output, stderr: Output, signal = new AbortController().signal): Io {
  return { stdout, stderr, signal, program: 'nn-mnist', colours: true };
}

/** A stream that remembers. */
class Capture extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;
  readonly #hear: ((text: string) => void) | undefined;

  constructor(terminal: number | undefined, hear: ((text: string) => void) | undefined) {
    super({ decodeStrings: false });
    this.isTTY = terminal !== undefined;
    this.columns = terminal ?? 80;
    this.#hear = hear;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    this.#hear?.(chunk);
    done();
  }
}
