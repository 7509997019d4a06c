// The engine where this thread may compute: in Node, and in workers of a page. It is thread 0 itself; workers are the others.
import type { Engine, EngineProgram } from '../wasm/engine.ts';
import { KernelInstance, OtherThreadFailed } from '../wasm/kernelInstance.ts';
import { LocalMemory } from '../wasm/memory.ts';
import { RunFailure } from '../wasm/runFailure.ts';
import { Company } from './company.ts';
import { ControlBlock } from './control.ts';
import { Crew } from './crew.ts';
import type { ThreadStarter } from './thread.ts';

/** How often a run that waits for the other threads looks after them, in milliseconds. */
const lookInterval = 2;

export class InlineEngine implements Engine {
  readonly memory: LocalMemory;
  readonly threads: number;
  readonly #kernels: KernelInstance;
  readonly #control: ControlBlock;
  readonly #crew: Crew | undefined;
  readonly #company: Pick<Company, 'join' | 'note'>;
  /** Set while the workers are being replaced. */
  #restart: Promise<void> | undefined;

  /**
   * @param startThread how to start workers; without it, one thread does everything
   * @param company decides which runs the workers take part in
   */
  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    threads: number,
    startThread: ThreadStarter | undefined,
    company: Pick<Company, 'join' | 'note'> = new Company(),
  ) {
    this.#company = company;
    this.memory = new LocalMemory(memory);
    this.#kernels = new KernelInstance(module, memory);
    this.#control = new ControlBlock(memory);
    this.#crew = startThread && threads > 1 ? new Crew({ startThread, module, memory, firstThread: 1, threads }) : undefined;
    this.threads = this.#crew === undefined ? 1 : threads;
  }

  /** Whether runs use all threads: until the workers have started, they are done without them. */
  get ready(): boolean {
    return this.#restart === undefined && (this.#crew === undefined || this.#crew.ready);
  }

  run(header: number, program: EngineProgram): void | Promise<void> {
    if (this.#restart !== undefined) return this.#restart.then(() => this.run(header, program));
    this.#expectAll();
    if (!program.parallel || this.threads === 1 || !this.ready) return void this.#attempt(1, () => this.#kernels.start(header, 0, 1));
    const begin = performance.now();
    const threads = this.#company.join(program) ? this.threads : 1;
    if (threads > 1) this.#control.postJob(header, threads);
    const isFinished = this.#attempt(threads, () => this.#kernels.start(header, 0, threads));
    if (!isFinished) return this.#finish(program, begin);
    this.#company.note(program, performance.now() - begin);
  }

  async dispose(): Promise<void> {
    await this.#restart;
    await this.#crew?.dismiss();
  }

  /** Waits for the other threads without blocking this one, so that the death of one of them can become known. */
  async #finish(program: EngineProgram, begin: number): Promise<void> {
    const { threads } = this;
    do {
      await new Promise((resolve) => setTimeout(resolve, lookInterval));
      this.#expectAll();
    } while (!this.#attempt(threads, () => this.#kernels.proceed(0, threads)));
    this.#company.note(program, performance.now() - begin);
  }

  /** @throws RunFailure; the workers are replaced then, because they may be anywhere */
  #attempt(threads: number, task: () => boolean): boolean {
    try {
      return task();
    } catch (error) {
      const failure = error instanceof OtherThreadFailed ? this.#control.failure : new RunFailure(String(error), this.#kernels.position);
      if (threads > 1) this.#replaceWorkers();
      throw failure;
    }
  }

  /** @throws BackendError when a worker died; it is replaced for the next run */
  #expectAll(): void {
    const loss = this.#crew?.loss;
    if (loss === undefined) return;
    this.#replaceWorkers();
    throw loss;
  }

  #replaceWorkers(): void {
    this.#restart = this.#crew!.restart().finally(() => {
      this.#restart = undefined;
    });
  }
}
