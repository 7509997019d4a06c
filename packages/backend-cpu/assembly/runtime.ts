// The threads' common ground: barrier, waiting for jobs, and the loop over the commands of a program.
import {
  barrierAfter,
  barrierArrivals,
  barrierGeneration,
  barrierSleepers,
  commandWords,
  failedThread,
  jobNumber,
  jobSleepers,
  serialCommand,
} from '../src/wasm/layout';

/** Turns of looking before a thread goes to sleep: some 50 µs, which is what going to sleep and being woken up take at worst. */
const spinTurns: i32 = 200000;
/** How long thread 0 sleeps at a barrier before it returns to see whether the others are alive, in milliseconds. */
const patience: f64 = 500;

/**
 * Sleeps until somebody calls, unless the word has changed; true when that took longer than `milliseconds`. JavaScript does it:
 * the first compiler of V8 11 (Node 20) spoils variables of functions in which there is an instruction to wait.
 */
// @ts-ignore: decorator
@external("env", "sleep")
declare function sleep(address: usize, expected: i32, milliseconds: f64): bool;

const passed: i32 = 0;
const stalled: i32 = 1;
const failed: i32 = 2;

/** The generation that ends when the barrier opens at which this thread arrived last. */
let arrivedAt: i32 = 0;

/** Commands of the current call of `execute` that are done. */
let commandsDone: i32 = 0;

// Results of `execute`.
const finished: i32 = 0;
const broken: i32 = -1;

/**
 * Runs `count` commands; the other threads run the same list.
 * @returns 0 when all are done; −1 when another thread failed; on thread 0 also a positive number: so many commands are done, but
 * the barrier behind them did not open for some time: go on with the rest when `resume` returns 0.
 */
export function execute(commands: usize, count: i32, thread: i32, threads: i32): i32 {
  for (let done = 0; done < count; ) {
    commandsDone = done;
    const flags = load<i32>(commands, 8);
    if ((flags & serialCommand) == 0) {
      call_indirect<void>(load<i32>(commands), load<i32>(commands, 4), thread, threads);
    } else if (thread == 0) {
      call_indirect<void>(load<i32>(commands), load<i32>(commands, 4), 0, 1);
    }
    commands += commandWords * 4;
    done++;
    if ((flags & barrierAfter) != 0 && threads > 1) {
      arrive(threads);
      const state = pass(thread);
      if (state == stalled) return done;
      if (state == failed) return broken;
    }
  }
  return finished;
}

/** Looks again at the barrier where `execute` stopped: 0 when it opened, 1 when not yet, −1 when a thread failed. */
export function resume(): i32 {
  if (atomic.load<i32>(barrierGeneration) == arrivedAt) return stalled;
  return opened() == failed ? broken : passed;
}

/** How many commands `execute` had done when a kernel trapped. */
export function position(): i32 {
  return commandsDone;
}

/** All of `threads` threads wait for each other. For tests and for kernels that cannot be split into commands. */
export function barrier(thread: i32, threads: i32): void {
  if (threads == 1) return;
  arrive(threads);
  while (pass(thread) == stalled) {}
}

/** A word of the memory, for JavaScript whose views may be older than the last growth. */
export function wordAt(pointer: usize): i32 {
  return load<i32>(pointer);
}

/** Waits for a job later than number `seen`; returns its number. */
export function waitForJob(seen: i32): i32 {
  for (let turn = 0; turn < spinTurns; turn++) {
    const job = atomic.load<i32>(jobNumber);
    if (job != seen) return job;
  }
  atomic.add<i32>(jobSleepers, 1);
  while (atomic.load<i32>(jobNumber) == seen) sleep(jobNumber, seen, Infinity);
  atomic.sub<i32>(jobSleepers, 1);
  return atomic.load<i32>(jobNumber);
}

function arrive(threads: i32): void {
  arrivedAt = atomic.load<i32>(barrierGeneration);
  if (atomic.add<i32>(barrierArrivals, 1) != threads - 1) return;
  atomic.store<i32>(barrierArrivals, 0);
  atomic.add<i32>(barrierGeneration, 1);
  if (atomic.load<i32>(barrierSleepers) != 0) atomic.notify(barrierGeneration, -1);
}

function pass(thread: i32): i32 {
  for (let turn = 0; turn < spinTurns; turn++) {
    if (atomic.load<i32>(barrierGeneration) != arrivedAt) return opened();
  }
  atomic.add<i32>(barrierSleepers, 1);
  let late = false;
  while (!late && atomic.load<i32>(barrierGeneration) == arrivedAt) {
    late = sleep(barrierGeneration, arrivedAt, thread == 0 ? patience : Infinity);
  }
  atomic.sub<i32>(barrierSleepers, 1);
  return late ? stalled : opened();
}

/** A failing thread opens the barrier for the others, who find out here. */
function opened(): i32 {
  return atomic.load<i32>(failedThread) == 0 ? passed : failed;
}
