// The engine on a page that is cross-origin isolated: all threads are workers, and the page's own thread never waits.
import type { Engine, EngineProgram } from '../wasm/engine.ts';
import { LocalMemory } from '../wasm/memory.ts';
import { Company } from './company.ts';
import { ControlBlock } from './control.ts';
import { Crew } from './crew.ts';
import { Exchange } from './exchange.ts';
import type { ThreadStarter } from './thread.ts';

export class PageEngine implements Engine {
  readonly memory: LocalMemory;
  readonly threads: number;
  readonly #control: ControlBlock;
  readonly #crew: Crew;
  readonly #exchange = new Exchange();
  readonly #company: Pick<Company, 'join' | 'note'>;
  #restart: Promise<void> | undefined;

  /** @param company decides which runs all threads take part in; the others are done by one of them */
  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    threads: number,
    startThread: ThreadStarter,
    company: Pick<Company, 'join' | 'note'> = new Company(),
  ) {
    this.#company = company;
    this.memory = new LocalMemory(memory);
    this.threads = threads;
    this.#control = new ControlBlock(memory);
    this.#crew = new Crew({
      startThread,
      module,
      memory,
      firstThread: 0,
      threads,
      onReport: (report) => this.#exchange.answer(report),
      onDeath: (loss) => this.#exchange.fail(loss),
    });
  }

  /** Workers that are still starting find the job when they come. */
  async run(header: number, program: EngineProgram): Promise<void> {
    await this.#restart;
    try {
      const { loss } = this.#crew;
      if (loss !== undefined) throw loss;
      const hasChoice = program.parallel && this.threads > 1;
      const begin = performance.now();
      const answer = this.#exchange.next();
      this.#control.postJob(header, hasChoice && this.#company.join(program) ? this.threads : 1);
      await answer;
      if (hasChoice) this.#company.note(program, performance.now() - begin);
    } catch (error) {
      this.#restart = this.#crew.restart().finally(() => {
        this.#restart = undefined;
      });
      throw error;
    }
  }

  async dispose(): Promise<void> {
    await this.#restart;
    await this.#crew.dismiss();
  }
}
