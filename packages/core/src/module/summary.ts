// A model at a glance: its layers, what they give, how many numbers they hold and what they cost. Data that prints.
import type { TensorSpec } from '../array/dtype.ts';
import { sizeOf } from '../array/shape.ts';
import { checkInteger, resolveOptions } from '../errors/options.ts';
import type { Keeps } from '../passes/lower.ts';
import type { AnyLayer, VariableSpec } from './contract.ts';
import { floatingPointOperations } from './cost.ts';
import { modelShape, ownVariables } from './initialize.ts';
import type { MemoryNeed } from './memory.ts';
import { memory } from './memory.ts';
import { inferenceProgram } from './programs.ts';
import type { InputSpec, Structure } from './value.ts';
import { batchedSpec, structureText } from './value.ts';

/** How many numbers variables hold, by role. */
export interface NumberCount {
  /** Trained: role parameter. */
  readonly trainable: number;
  /** Remembered: role buffer, such as running statistics. */
  readonly buffers: number;
}

export interface SummaryRow extends NumberCount {
  readonly path: string;
  readonly kind: string;
  /** Specs of what the layer gives for the batch. Counts are those of the layer itself, children not included. */
  readonly output: Structure<TensorSpec>;
  /** Floating-point operations of inference on the batch; a multiplication with the addition that follows it is two. */
  readonly operations: number;
  /** Bytes of training on such batches, where a batch was given. */
  readonly memory?: MemoryNeed;
}

/** Rows in the order of application, totals, and a table as text. */
export interface Summary extends NumberCount {
  readonly rows: readonly SummaryRow[];
  readonly total: number;
  readonly operations: number;
  readonly memory?: MemoryNeed;
  toString(): string;
}

export interface SummaryOptions {
  /** Samples in a batch: what a layer gives and costs is for all of them, and what training on it keeps in memory is said (default: one sample, without). */
  readonly batch?: number;
}

/**
 * Layers, shapes, counts and costs of a model, without its numbers: `summarize(model, [784], { batch: 128 })`. Lecture 002 counts 20 numbers for batchNorm over 5 units, 10 of them trainable.
 * @param input what one sample looks like, without the batch axis
 * @param keeps which composites run as one kernel: those of a backend; default all
 * @throws ConfigError unless `batch` is an integer from 1; with `batch`, the typed errors of layers that do not train on it
 */
export function summarize(model: AnyLayer, input: InputSpec, options: SummaryOptions = {}, keeps: Keeps = () => true): Summary {
  const { batch } = resolveOptions<{ batch: number | undefined }>('summary', options, { batch: undefined });
  const spec = batchedSpec(input, batch === undefined ? 1 : checkInteger('summary', 'batch', batch, { from: 1 }));
  const { specs, layers } = modelShape(model, spec);
  const operations = floatingPointOperations(inferenceProgram({ model, input: spec }));
  const training = batch === undefined ? undefined : memory(model, input, batch, { keeps });
  const rows = [...layers].map(([path, { layer, output }]): SummaryRow => {
    const own = training === undefined ? {} : { memory: training.layers.get(path)! };
    return { path, kind: layer.kind, output, ...countNumbers(ownVariables(specs, path)), operations: operations.get(path) ?? 0, ...own };
  });
  const counts = countNumbers([...specs.values()]);
  const totals = {
    ...counts,
    total: counts.trainable + counts.buffers,
    operations: rows.reduce((sum, row) => sum + row.operations, 0),
    ...(training === undefined ? {} : { memory: { predicted: training.predicted, retained: training.retained } }),
  };
  return { rows, ...totals, toString: () => table(rows, totals, batch) };
}

function countNumbers(specs: readonly VariableSpec[]): NumberCount {
  const count = (wanted: VariableSpec['role']): number =>
    specs.reduce((sum, { role, shape }) => sum + (role === wanted ? sizeOf(shape) : 0), 0);
  return { trainable: count('parameter'), buffers: count('buffer') };
}

/** Columns that hold text; the others hold numbers. */
const textColumns = 3;

function table(rows: readonly SummaryRow[], totals: Omit<Summary, 'rows'>, batch: number | undefined): string {
  const numbersOf = ({ trainable, buffers, operations, memory: need }: Omit<SummaryRow, 'path' | 'kind' | 'output'>): string[] =>
    [trainable, buffers, operations, ...(need === undefined ? [] : [need.retained, need.predicted])].map(String);
  const cells = [
    ['layer', 'kind', 'output', 'trainable', 'buffers', 'operations', ...(batch === undefined ? [] : ['retained', 'predicted'])],
    ...rows.map((row) => [row.path === '' ? '(model)' : row.path, row.kind, structureText(row.output), ...numbersOf(row)]),
    ['total', '', '', ...numbersOf(totals)],
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column < textColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ');
  const { total, trainable, buffers } = totals;
  const notes =
    batch === undefined
      ? []
      : [`training on batches of ${batch}: bytes the backward pass reads again, and what lecture 001 predicts (4 for each of its numbers)`];
  return [...cells.map(line), `${total} numbers: ${trainable} trainable, ${buffers} in buffers`, ...notes].join('\n');
}
