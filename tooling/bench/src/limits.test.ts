import { expect, test } from 'vitest';
import { fractionOfLimit, limitsFrom, multiplyAddRunFlops, triadTimes } from './limits.ts';
import type { Workload } from './workloads.ts';
import { limits, streamSizes, workloads } from './workloads.ts';

/** A machine that multiplies and adds 10⁸ times per millisecond and thread, and streams 10⁷ bytes per millisecond on any number. */
const machine = limitsFrom(limits(2), (name) => {
  const { task } = limits(2).find((workload) => workload.name === name)!;
  return task.kind === 'triad' ? (task.size * triadTimes(task.size)) / 1e7 : multiplyAddRunFlops / 1e8;
});

const named = (name: string): Workload => workloads.find((workload) => workload.name === name)!;

test('limits are work per millisecond, by number of threads', () => {
  expect([...machine.flops]).toEqual([
    [1, 1e8],
    [2, 2e8],
  ]);
  expect(machine.bytes.get(2)!.get(streamSizes[0])).toBeCloseTo(1e7);
});

test('products are measured against arithmetic, everything else against the memory its operands fit into', () => {
  const product = named('matmul-512');
  expect(fractionOfLimit(product, 2.684, machine, 2)).toBeCloseTo(0.5, 3);
  const adam = named('adam-10M');
  expect(fractionOfLimit(adam, 56, machine, 2)).toBeCloseTo(0.5, 3);
  expect(fractionOfLimit(named('start'), 100, machine, 2)).toBeUndefined();
  expect(
    fractionOfLimit(
      product,
      1,
      limitsFrom([], () => undefined),
      2,
    ),
  ).toBeUndefined();
});
