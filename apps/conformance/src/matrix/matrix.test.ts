import type { CaseReport } from '@nn/conformance';
import { describe, expect, it } from 'vitest';
import { cellOf, cellText, matrixOf } from './matrix.ts';

const report = (changes: Partial<CaseReport>): CaseReport => ({
  id: 'forward/softmax/rows',
  backend: 'cpu',
  level: 'forward',
  subject: 'softmax',
  tier: 'quick',
  status: 'pass',
  milliseconds: 1,
  rerun: '',
  ...changes,
});

describe('a cell', () => {
  it.each([
    ['exact', [report({ measured: 0, allowed: 0 }), report({})]],
    ['50 %', [report({ measured: 1, allowed: 2 }), report({ measured: 1, allowed: 4 })]],
    ['< 1 %', [report({ measured: 1, allowed: 1000 })]],
    ['1/2, exact', [report({}), report({ status: 'unsupported' })]],
    ['1/2, 20 %', [report({ measured: 1, allowed: 5 }), report({ status: 'skipped', measured: 4, allowed: 1 })]],
    ['unsupported', [report({ status: 'unsupported' })]],
    ['FAIL 1/3', [report({}), report({ status: 'unsupported' }), report({ status: 'fail', measured: NaN, allowed: 1 })]],
  ])('reads %s', (text, reports) => {
    expect(cellText(cellOf(reports))).toBe(text);
  });
});

it('has a row for each subject and a cell for each backend', () => {
  const rows = matrixOf([report({}), report({ subject: 'map' }), report({ backend: 'reference' }), report({})]);
  expect(rows.map(({ subject, cells }) => [subject, Object.entries(cells).map(([name, { total }]) => [name, total])])).toEqual([
    [
      'softmax',
      [
        ['cpu', 2],
        ['reference', 1],
      ],
    ],
    ['map', [['cpu', 1]]],
  ]);
});
