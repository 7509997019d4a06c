// What goes wrong on a command line beside the errors of nn, and what the process exits with.
import { constants } from 'node:os';

/** The command cannot be carried out as it was typed: exit code 2. */
export class UsageError extends Error {}

/** A file or folder that cannot be read or written. */
export class FileError extends Error {
  /** @param cause what a function of node:fs threw */
  constructor(what: string, cause: unknown) {
    super(`${what}: ${reasonOf(cause)}.`, { cause });
  }
}

/** The user asked to stop: the reason of the command's abort signal. */
export class Interruption extends Error {
  /** As a shell reports it: 130 for Ctrl-C. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`Stopped by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** True for errors of node:fs with that code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** "permission denied (EACCES)" from "EACCES: permission denied, mkdir '/runs'". */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, code, reason] = /^(E[A-Z0-9]+): ([^,]+)/.exec(message) ?? [];
  return code === undefined ? message : `${reason} (${code})`;
}
