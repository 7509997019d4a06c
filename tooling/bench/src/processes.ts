// A process of one contender, as the benchmark talks to it.
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { Answer, Command } from './protocol.ts';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside the environment of the benchmark. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Asks one thing after another; a process that dies or does not answer in time fails what was asked. */
export class ContenderProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  #ended: Error | undefined;
  #complaints = '';

  constructor({ command, args, env = {} }: Launch) {
    this.#child = spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...env } });
    this.#child.stderr.on('data', (text: Buffer) => (this.#complaints = `${this.#complaints}${text.toString()}`.slice(-2000)));
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', (error) => this.#end(error));
    this.#child.on('close', (code) => this.#end(new Error(`ended with ${code}. ${this.#complaints.trim()}`)));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
  }

  /** @throws Error with what went wrong there */
  async ask(command: Command, seconds: number): Promise<Answer> {
    if (this.#ended !== undefined) throw this.#ended;
    const answer = new Promise<Answer>((resolve, reject) => (this.#waiting = { resolve, reject }));
    const timer = setTimeout(() => {
      this.#end(new Error(`no answer in ${seconds} s`));
      this.#child.kill('SIGKILL');
    }, seconds * 1000);
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    try {
      const heard = await answer;
      if (heard.error !== undefined) throw new Error(heard.error);
      return heard;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#child.stdin.end();
  }

  #hear(line: string): void {
    // Libraries print greetings.
    if (!line.startsWith('{"answer":')) return;
    this.#waiting?.resolve((JSON.parse(line) as { readonly answer: Answer }).answer);
    this.#waiting = undefined;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#waiting?.reject(this.#ended);
    this.#waiting = undefined;
  }
}
