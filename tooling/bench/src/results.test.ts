import { describe, expect, it } from 'vitest';
import type { Results, Row } from './results.ts';
import { disagreements, fastestOf, millisecondsOf, ratio } from './results.ts';

const row: Row = {
  name: 'mlp-128',
  title: 'MLP-BN step, batch 128',
  task: { kind: 'training', model: 'mlp', batch: 128 },
  outcomes: {
    // The machine was disturbed in the second round, and both contenders with it.
    nn: { rounds: [1, 5, 1.2], check: 2.5 },
    'pytorch-omp-1': { rounds: [2, 10, 2.6], check: 2.501 },
    'pytorch-omp-2': { rounds: [4, 4.5, 4.1], check: 2.6 },
    'jax-js': { error: 'ended with 1' },
  },
};

const results: Results = {
  machine: { node: 'v20.20.2', cpu: 'a processor', cores: 2 },
  threads: 2,
  settings: { rounds: 3, warmUp: 1, slice: 1 },
  columns: ['nn', 'pytorch-omp-1', 'pytorch-omp-2', 'jax-js'].map((name) => ({ name, title: name, group: name.split('-')[0]! })),
  rows: [row],
};

describe('a row', () => {
  it('gives the median of the rounds, and of their ratios', () => {
    expect(millisecondsOf(row, 'nn')).toBe(1.2);
    expect(ratio(row, 'nn', 'pytorch-omp-1')).toBe(0.5);
    expect(ratio(row, 'nn', 'jax-js')).toBeUndefined();
    expect(millisecondsOf(row, 'tfjs-wasm')).toBeUndefined();
  });

  it('compares with the fastest setting of a contender', () => {
    expect(fastestOf(results, row, 'pytorch')).toBe('pytorch-omp-1');
    expect(fastestOf(results, row, 'jax')).toBeUndefined();
  });

  it('names contenders that compute something else', () => {
    expect(disagreements(row, 'nn')).toEqual([{ contender: 'pytorch-omp-2', check: 2.6, expected: 2.5 }]);
  });
});
