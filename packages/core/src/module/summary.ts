// A model at a glance: its layers, what they give, and how many numbers they hold. Data that prints.
import type { TensorSpec } from '../array/dtype.ts';
import { sizeOf } from '../array/shape.ts';
import type { ModelShape } from './initialize.ts';
import type { Structure } from './value.ts';
import { structureText } from './value.ts';

export interface SummaryRow {
  readonly path: string;
  readonly kind: string;
  /** Specs of what the layer gives, for the batch the model was traced with. */
  readonly output: Structure<TensorSpec>;
  /** Numbers trained (role parameter) and remembered (role buffer) by this layer itself, children not included. */
  readonly trainable: number;
  readonly other: number;
}

/** Rows in the order of application, totals, and a table as text. */
export interface Summary {
  readonly rows: readonly SummaryRow[];
  readonly trainable: number;
  readonly other: number;
  readonly total: number;
  toString(): string;
}

/** Lecture 002's count: batchNorm over 5 units is 20 numbers, 10 of them trainable. */
export function summarize({ specs, layers }: ModelShape): Summary {
  const rows = [...layers].map(([path, { layer, output }]): SummaryRow => {
    const own = [...specs].filter(([variable]) => parentOf(variable) === path).map(([, spec]) => spec);
    const count = (role: 'parameter' | 'buffer'): number =>
      own.filter((spec) => spec.role === role).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return { path, kind: layer.kind, output, trainable: count('parameter'), other: count('buffer') };
  });
  const trainable = rows.reduce((sum, row) => sum + row.trainable, 0);
  const other = rows.reduce((sum, row) => sum + row.other, 0);
  const total = trainable + other;
  return { rows, trainable, other, total, toString: () => table(rows, { trainable, other, total }) };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function table(rows: readonly SummaryRow[], totals: { trainable: number; other: number; total: number }): string {
  const cells = [
    ['layer', 'kind', 'output', 'trainable', 'other'],
    ...rows.map((row) => [
      row.path === '' ? '(model)' : row.path,
      row.kind,
      structureText(row.output),
      String(row.trainable),
      String(row.other),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ');
  return [...cells.map(line), `${totals.total} numbers: ${totals.trainable} trainable, ${totals.other} other`].join('\n');
}
