// The tables of a run: times, ratios, and what was found wrong.
import { limitsContender, ours } from '../contenders.ts';
import type { Limits } from '../limits.ts';
import { fractionOfLimit } from '../limits.ts';
import type { Results, Row } from '../results.ts';
import { disagreements, fastestOf, millisecondsOf, ratio } from '../results.ts';
import type { Task } from '../workloads.ts';
import { streamSizes } from '../workloads.ts';
import { markdownTable, percent, shortNumber } from './format.ts';
import { goalsTable } from './goals.ts';
import { limitsOf } from './limitsOf.ts';

const none = '–';

/** All tables, one after another. */
export function report(results: Results): string {
  const limits = limitsOf(results);
  return [
    '### Goals',
    goalsTable(results),
    '### Milliseconds per run',
    timesTable(results, limits),
    '### nn / peer (below 1: nn is faster)',
    ratiosTable(results),
    '### Limits of this machine in WebAssembly',
    limitsTable(limits),
    ...problems(results),
  ].join('\n\n');
}

const competitors = ({ columns }: Results) => columns.filter(({ name }) => name !== limitsContender);
/** Limits have a table of their own, and what is no time is among the goals. */
const shownElsewhere = new Set<Task['kind']>(['multiplyAdd', 'triad', 'allocation', 'overhead']);
const measuredRows = ({ rows }: Results) => rows.filter(({ task }) => !shownElsewhere.has(task.kind));

/** Times of all contenders; for ours also the fraction of what the machine can do. */
function timesTable(results: Results, limits: Limits): string {
  const columns = competitors(results);
  const header = ['workload', ...columns.map(({ title }) => title), 'nn: of the limit'];
  const rows = measuredRows(results).map((row) => {
    const taken = millisecondsOf(row, ours);
    const fraction = taken === undefined ? undefined : fractionOfLimit(row, taken, limits, results.threads);
    return [row.title, ...columns.map(({ name }) => cell(row, name)), fraction === undefined ? none : percent(fraction)];
  });
  return markdownTable(header, rows);
}

function cell(row: Row, contender: string): string {
  const taken = millisecondsOf(row, contender);
  if (taken !== undefined) return shortNumber(taken);
  return row.outcomes[contender] === undefined ? none : 'failed';
}

/** Ours divided by the fastest setting of each peer, on the same rounds. */
function ratiosTable(results: Results): string {
  const groups = [...new Set(competitors(results).map(({ group }) => group))].filter((group) => group !== ours);
  const titles = groups.map((group) => {
    const members = results.columns.filter((column) => column.group === group);
    return members.length === 1 ? members[0]!.title : `best ${group}`;
  });
  const rows = measuredRows(results).map((row) => [
    row.title,
    ...groups.map((group) => {
      const peer = fastestOf(results, row, group);
      const found = peer === undefined ? undefined : ratio(row, ours, peer);
      return found === undefined ? none : shortNumber(found);
    }),
  ]);
  return markdownTable(['workload', ...titles], rows);
}

function limitsTable({ flops, bytes }: Limits): string {
  const header = ['threads', 'GFLOP/s', ...streamSizes.map((size) => `GB/s in ${size / 1024} KiB`)];
  const show = (perMillisecond: number | undefined) => (perMillisecond === undefined ? none : shortNumber(perMillisecond / 1e6));
  const rows = [...flops].map(([threads, rate]) => [
    String(threads),
    show(rate),
    ...streamSizes.map((size) => show(bytes.get(threads)?.get(size))),
  ]);
  return markdownTable(header, rows);
}

/** Failures, and contenders that do not compute what ours does. */
function problems({ rows }: Results): string[] {
  const failures = rows.flatMap((row) =>
    Object.entries(row.outcomes).flatMap(([contender, outcome]) =>
      outcome !== undefined && 'error' in outcome ? [`- ${row.title}: ${contender} failed: ${outcome.error}`] : [],
    ),
  );
  const different = rows.flatMap((row) =>
    disagreements(row, ours).map(
      ({ contender, check, expected }) =>
        `- ${row.title}: ${contender} computes ${shortNumber(check)} where nn computes ${shortNumber(expected)}`,
    ),
  );
  return [
    ...(failures.length === 0 ? [] : ['### Failed', failures.join('\n')]),
    ...(different.length === 0 ? [] : ['### Computes something else: times that cannot be compared', different.join('\n')]),
  ];
}
