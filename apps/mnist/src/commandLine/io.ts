// What a command may touch of the process it runs in, so that tests can run it without a process of its own.

/** A stream for text, which may be a terminal. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface Io {
  /** Results, and progress. */
  readonly stdout: Output;
  /** The one line that says what went wrong. */
  readonly stderr: Output;
  /** Aborted with an `Interruption` when the user wants to stop. */
  readonly signal: AbortSignal;
  /** How this program is called, for the commands that messages suggest. */
  readonly program: string;
  /** Colours are allowed on terminals. */
  readonly colours: boolean;
}

/** Writes text and the end of a line. */
export function writeLine(output: Output, text = ''): void {
  output.write(`${text}\n`);
}
