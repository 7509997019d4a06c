// One interleaved run: every contender prepares a workload and warms up, then they take turns for some rounds.
import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fixtureFile } from './fixtures.ts';
import type { ContenderProcess } from './processes.ts';
import { median } from './statistics.ts';
import type { Workload } from './workloads.ts';

export interface MeasureOptions {
  readonly rounds: number;
  /** Milliseconds of running before anything counts. */
  readonly warmUp: number;
  /** Milliseconds that a contender measures in one round. */
  readonly slice: number;
  /** Where fixtures are written. */
  readonly scratch: string;
}

/** What one contender did on one workload. */
export interface Measured {
  /** Milliseconds per run, or the figure in their place: the median of each round. */
  readonly rounds: readonly number[];
  readonly check?: number;
}

/** Undefined where a contender has no means for the workload, the message of an error where it failed. */
export type Outcome = Measured | { readonly error: string } | undefined;

/** A sample is as many runs as take this long at least, so that reading the clock does not count. */
const sampleMilliseconds = 2;
/** Longer than any step of any contender. */
const patience = 180;
/** How long the machine is looked at before a contender has its turn: three ticks of the clock that processes are counted with. */
const restMilliseconds = 30;
const tickMilliseconds = 10;
/** After so long a contender has its turn even if something else keeps the machine busy. */
const longestWait = 400;

/** Ends with the benchmark, also when that is killed. */
const busyLoop = `
process.stdin.on('end', () => process.exit()).resume();
(function spin() {
  for (const end = Date.now() + 20; Date.now() < end; );
  setImmediate(spin);
})();`;

interface Plan {
  readonly contender: ContenderProcess;
  readonly runs: number;
  readonly samples: number;
  readonly check: { readonly check?: number };
  readonly rounds: number[];
}

/** The outcomes by contender. */
export async function measureWorkload(
  workload: Workload,
  processes: ReadonlyMap<string, ContenderProcess>,
  options: MeasureOptions,
): Promise<Map<string, Outcome>> {
  const fixture = join(options.scratch, `${workload.name}.safetensors`);
  await writeFile(fixture, await fixtureFile(workload.task));
  const busy =
    workload.besideBusyProcess === true ? spawn(process.execPath, ['-e', busyLoop], { stdio: ['pipe', 'ignore', 'ignore'] }) : undefined;
  const outcomes = new Map<string, Outcome>();
  const plans = new Map<string, Plan>();
  const guarded = async (name: string, work: () => Promise<void>) =>
    work().catch((error: Error) => {
      plans.delete(name);
      outcomes.set(name, { error: error.message });
    });
  for (const [name, contender] of processes) {
    await guarded(name, async () => {
      const plan = await prepare(contender, workload, fixture, options);
      if (plan !== undefined) plans.set(name, plan);
    });
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const [name, plan] of turns([...plans], round)) await guarded(name, () => measureRound(plan, busy === undefined ? 0 : 1));
  }
  for (const [name, { contender, check, rounds }] of plans) {
    outcomes.set(name, { rounds, ...check });
    await contender.ask({ do: 'release' }, patience).catch(() => {});
  }
  busy?.stdin?.end();
  await rm(fixture);
  return outcomes;
}

/** Another one begins in every round, so that nobody always follows the same neighbour's heat. */
function turns<T>(items: readonly T[], round: number): T[] {
  const first = round % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

async function prepare(
  contender: ContenderProcess,
  { task }: Workload,
  fixture: string,
  options: MeasureOptions,
): Promise<Plan | undefined> {
  const { able, check } = await contender.ask({ do: 'prepare', task, fixture }, patience);
  if (able !== true) return undefined;
  const perRun = await warmUp(contender, options.warmUp);
  const runs = Math.max(1, Math.ceil(sampleMilliseconds / perRun));
  const samples = Math.max(1, Math.round(options.slice / (runs * perRun)));
  return { contender, runs, samples, check: check === undefined ? {} : { check }, rounds: [] };
}

/** Runs for that long; returns the milliseconds of one run at the end of it. */
async function warmUp(contender: ContenderProcess, milliseconds: number): Promise<number> {
  let [runs, spent, perRun] = [1, 0, 0];
  do {
    const taken = (await contender.ask({ do: 'run', samples: 1, runs }, patience)).milliseconds![0]!;
    spent += taken;
    // Slow first runs must not end the warm-up of what is fast.
    perRun = Math.max(taken / runs, 1e-6);
    runs = Math.max(1, Math.ceil(Math.min(milliseconds / 8, 2 * taken + 1) / perRun));
  } while (spent < milliseconds);
  return perRun;
}

async function measureRound({ contender, runs, samples, rounds }: Plan, busyCores: number): Promise<void> {
  await othersAtRest(busyCores);
  // The first of many runs after a pause wakes threads up.
  if (samples * runs > 1) await contender.ask({ do: 'run', samples: 1, runs: 1 }, patience);
  const { milliseconds, figures } = await contender.ask({ do: 'run', samples, runs }, patience);
  rounds.push(median(figures ?? milliseconds!) / runs);
}

/**
 * Waits until the contender before uses no core any more. Threads of PyTorch wait for work with all their might for 0.2 s: whoever came next
 * had one core less.
 * @param busyCores those that are meant to be busy
 */
async function othersAtRest(busyCores: number): Promise<void> {
  const start = performance.now();
  let used: number;
  do {
    const before = usedMilliseconds();
    await new Promise((resolve) => setTimeout(resolve, restMilliseconds));
    used = usedMilliseconds() - before - busyCores * restMilliseconds;
  } while (used > tickMilliseconds && performance.now() - start < longestWait);
}

/** What all cores together have worked since the machine was started. */
function usedMilliseconds(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
