// Which goals a run reached: figures of contenders, and of one against another.
import { expect, test } from 'vitest';
import { inChromium, inChromiumAlone, ours } from '../contenders.ts';
import type { Results, Row } from '../results.ts';
import { goalsTable } from './goals.ts';

const row = (name: string, rounds: Readonly<Record<string, readonly number[]>>): Row => ({
  name,
  title: name,
  task: { kind: 'start' },
  outcomes: Object.fromEntries(Object.entries(rounds).map(([contender, of]) => [contender, { rounds: of }])),
});

const results = (rows: readonly Row[], node = 'v20.19.0'): Results => ({
  machine: { node, cpu: 'some', cores: 2 },
  threads: 2,
  settings: { rounds: 3, warmUp: 1, slice: 1 },
  columns: [ours, inChromium, inChromiumAlone].map((name) => ({ name, title: name, group: name })),
  rows,
});

const lines = (table: string): string[] =>
  table
    .split('\n')
    .slice(2)
    .map((line) => line.replaceAll(/ +/g, ' '));

test('what was not measured has no row', () => expect(lines(goalsTable(results([])))).toEqual([]));

test('figures of nn in Node and in Chromium', () => {
  const measured = results([
    row('start', { [ours]: [120, 90, 95], [inChromium]: [310, 320, 290] }),
    row('mlp-128', { [inChromium]: [2, 2, 4], [inChromiumAlone]: [4, 4.1, 4] }),
    row('overhead', { [ours]: [0.02, 0.031, 0.5] }),
    row('allocation', { [ours]: [1800, 1790, 2000] }),
  ]);
  expect(lines(goalsTable(measured))).toEqual([
    '| import to first prediction, Node | ≤ 100 ms | 95.0 ms | holds |',
    '| import to first prediction, Chromium | ≤ 300 ms | 310 ms | missed |',
    '| MLP-BN step, batch 128: page not isolated / isolated | ≤ 2.10 | 2.00 | holds |',
    '| replayed step − its kernels, of the step | ≤ 5 % | 3 % | holds |',
    '| bytes allocated per step | ≤ 0 B | 1800 B | missed |',
  ]);
});

test('bounds of the version of Node', () => {
  const step = [row('mlp-128', { [ours]: [1], 'tfjs-wasm': [40] })];
  const columns = [ours, 'tfjs-wasm'].map((name) => ({ name, title: name, group: name }));
  const table = (node: string): string[] => lines(goalsTable({ ...results(step, node), columns }));
  expect(table('v20.19.0')[0]).toContain('≥ 30.0 | 40.0 | holds');
  expect(table('v24.1.0')[0]).toContain('≥ 50.0 | 40.0 | missed');
});
