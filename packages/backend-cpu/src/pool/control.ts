// The control block of a shared memory, from JavaScript: jobs, and how a thread that failed tells the others.
import {
  barrierArrivals,
  barrierGeneration,
  barrierSleepers,
  evenJob,
  failedCommand,
  failedThread,
  failureClaim,
  failureLength,
  failureText,
  failureTextLimit,
  jobNumber,
  jobSleepers,
  oddJob,
  workersReady,
} from '../wasm/layout.ts';
import { RunFailure } from '../wasm/runFailure.ts';

export class ControlBlock {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  /** Its addresses exist from the start, so growth of the memory does not matter here. */
  constructor(memory: WebAssembly.Memory) {
    this.#words = new Int32Array(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
  }

  /** Gives the program at `header` to threads 0 to `threads` − 1, and wakes those that sleep. */
  postJob(header: number, threads: number): void {
    const number = this.#load(jobNumber) + 1;
    this.#store(slotOf(number), header);
    this.#store(slotOf(number) + 4, threads);
    this.#store(jobNumber, number);
    if (this.#load(jobSleepers) !== 0) Atomics.notify(this.#words, jobNumber / 4);
  }

  /** Job `number`, or undefined when there is a later one: then this thread had no part in it. */
  jobOf(number: number): { readonly header: number; readonly threads: number } | undefined {
    const slot = slotOf(number);
    const job = { header: this.#load(slot), threads: this.#load(slot + 4) };
    return this.#load(jobNumber) === number ? job : undefined;
  }

  /** How many workers have started. */
  get ready(): number {
    return this.#load(workersReady);
  }

  /** Called by each worker once it is there. */
  signIn(): void {
    Atomics.add(this.#words, workersReady / 4, 1);
  }

  /** Says why this thread cannot go on, unless another was first, and lets the others out of their barrier. */
  fail(thread: number, { message, command = -1 }: RunFailure): void {
    if (Atomics.compareExchange(this.#words, failureClaim / 4, 0, 1) === 0) {
      const text = new TextEncoder().encode(message).subarray(0, failureTextLimit);
      this.#bytes.set(text, failureText);
      this.#store(failedCommand, command);
      this.#store(failureLength, text.length);
      this.#store(failedThread, 1 + thread);
    }
    while (this.#load(failedThread) === 0);
    Atomics.add(this.#words, barrierGeneration / 4, 1);
    Atomics.notify(this.#words, barrierGeneration / 4);
  }

  /** What a thread has said with `fail`. */
  get failure(): RunFailure {
    const text = this.#bytes.slice(failureText, failureText + this.#load(failureLength));
    return new RunFailure(new TextDecoder().decode(text), this.#load(failedCommand));
  }

  /** As if nothing had happened yet. Only without workers. */
  reset(): void {
    const words = [barrierArrivals, barrierGeneration, barrierSleepers, jobNumber, jobSleepers, workersReady, failedThread, failureClaim];
    for (const word of words) this.#store(word, 0);
  }

  #load(address: number): number {
    return Atomics.load(this.#words, address / 4);
  }

  #store(address: number, value: number): void {
    Atomics.store(this.#words, address / 4, value);
  }
}

/** Two places take turns, so that the next job can be written while somebody still reads this one. */
function slotOf(number: number): number {
  return number % 2 === 0 ? evenJob : oddJob;
}
