// How a run on the threads can fail.

/** Thrown when a run failed on any thread. */
export class RunFailure extends Error {
  /** Index of the command that failed, or undefined when it was none. */
  readonly command: number | undefined;

  constructor(message: string, command?: number) {
    super(message);
    this.command = command;
  }
}
