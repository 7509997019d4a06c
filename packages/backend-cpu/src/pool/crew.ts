// The workers over one shared memory: they are started together, and replaced together when one of them fails.
import { BackendError } from '@nn/core';
import { ControlBlock } from './control.ts';
import type { Report } from './messages.ts';
import type { Thread, ThreadStarter } from './thread.ts';

export interface CrewPlan {
  readonly startThread: ThreadStarter;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The first worker is thread number `firstThread`, the last one `threads` − 1. */
  readonly firstThread: 0 | 1;
  readonly threads: number;
  /** Hears what thread 0 reports, if that is a worker. */
  onReport?(report: Report): void;
  /** Hears of the death of a worker. */
  onDeath?(loss: BackendError): void;
}

export class Crew {
  readonly #plan: CrewPlan;
  readonly #control: ControlBlock;
  #members: readonly Thread[] = [];
  #death: string | undefined;

  constructor(plan: CrewPlan) {
    this.#plan = plan;
    this.#control = new ControlBlock(plan.memory);
    this.#start();
  }

  /** Whether all workers have started. Known without waiting: a program that never lets go of its thread profits too. */
  get ready(): boolean {
    return this.#death === undefined && this.#control.ready === this.#members.length;
  }

  /** The error of a run for which a worker is missing, until `restart`. */
  get loss(): BackendError | undefined {
    if (this.#death === undefined) return undefined;
    const hint = this.#plan.firstThread === 0 ? '' : '; with { threads: 1 } it needs none';
    return new BackendError(`The CPU backend lost a worker (${this.#death}). The next run starts new ones${hint}.`);
  }

  /** Ends all workers, whatever they are doing, and starts new ones; while one does not end, there is a loss instead. */
  async restart(): Promise<void> {
    try {
      await this.dismiss();
    } catch (error) {
      // It may still write into the memory, where new ones must not meet it.
      this.#death = String(error);
      return;
    }
    this.#control.reset();
    this.#death = undefined;
    this.#start();
  }

  /**
   * Resolves when no worker does anything any more.
   * @throws BackendError when one does not end
   */
  async dismiss(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.terminate()));
  }

  #start(): void {
    const { firstThread, threads } = this.#plan;
    const members: Thread[] = [];
    this.#members = members;
    try {
      for (let thread = firstThread; thread < threads; thread++) members.push(this.#startMember(thread));
    } catch (error) {
      this.#die(`it cannot be started: ${String(error)}`);
    }
  }

  #startMember(thread: number): Thread {
    const { startThread, module, memory, onReport } = this.#plan;
    return startThread(
      module,
      { role: 'member', memory, thread },
      { onReport: (report) => onReport?.(report), onDeath: (reason) => this.#die(`thread ${thread}: ${reason}`) },
    );
  }

  #die(reason: string): void {
    this.#death ??= reason;
    this.#plan.onDeath?.(this.loss!);
  }
}
