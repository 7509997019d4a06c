// From the times of the loops that measure the machine to its limits, and from those to the fraction a workload reaches.
import type { Workload } from './workloads.ts';
import { streamSizes } from './workloads.ts';

/** Operations of one run of the arithmetic loop on each thread. */
export const multiplyAddRunFlops = 2e8;

/** How often one run of a triad goes through its arrays: small ones again and again, so that starting threads does not count. */
export const triadTimes = (size: number) => Math.max(1, Math.round(2 ** 26 / size));

/** Operations or bytes per millisecond of a loop that measures the machine. */
export function limitRate({ task }: Workload, milliseconds: number): number {
  if (task.kind === 'multiplyAdd') return (task.threads * multiplyAddRunFlops) / milliseconds;
  if (task.kind === 'triad') return (task.size * triadTimes(task.size)) / milliseconds;
  throw new TypeError(`${task.kind} is no limit`);
}

/** Measured limits, per millisecond. */
export interface Limits {
  /** Floating-point operations, by number of threads. */
  readonly flops: ReadonlyMap<number, number>;
  /** Bytes, by number of threads and by size of the streams. */
  readonly bytes: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** @param milliseconds per run, by name of the workload */
export function limitsFrom(measured: readonly Workload[], milliseconds: (name: string) => number | undefined): Limits {
  const flops = new Map<number, number>();
  const bytes = new Map<number, Map<number, number>>();
  for (const workload of measured) {
    const { task, name } = workload;
    const taken = milliseconds(name);
    if (taken === undefined) continue;
    if (task.kind === 'multiplyAdd') flops.set(task.threads, limitRate(workload, taken));
    if (task.kind !== 'triad') continue;
    const ofThreads = bytes.get(task.threads) ?? new Map<number, number>();
    bytes.set(task.threads, ofThreads.set(task.size, limitRate(workload, taken)));
  }
  return { flops, bytes };
}

/**
 * How much of what the machine can do a workload reached: of its arithmetic where the workload is made of products, of the bandwidth
 * of the level of memory that its data fit into otherwise. Undefined where a limit was not measured.
 */
export function fractionOfLimit(workload: Workload, milliseconds: number, limits: Limits, threads: number): number | undefined {
  const { flops, bytes } = workload;
  const [limit, work] = flops === undefined ? [bandwidth(bytes ?? 0, limits, threads), bytes] : [limits.flops.get(threads), flops];
  return limit === undefined || work === undefined ? undefined : work / milliseconds / limit;
}

/** That of the smallest streams measured which are no smaller than the data. */
function bandwidth(bytes: number, limits: Limits, threads: number): number | undefined {
  const size = streamSizes.find((candidate) => candidate >= bytes) ?? streamSizes.at(-1)!;
  return limits.bytes.get(threads)?.get(size);
}
