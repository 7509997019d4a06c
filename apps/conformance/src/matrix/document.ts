// The matrix as a document.
import { capabilityText } from '@nn/conformance';
import type { CommittedMatrix } from './committed.ts';
import type { Row } from './matrix.ts';
import { cellText } from './matrix.ts';

/** docs/conformance.md. */
export function documentOf({ columns, capabilities, rows }: CommittedMatrix): string {
  const covered = columns.map((column) => `${total(rows, column, 'covered')}/${total(rows, column, 'total')}`);
  return [
    '# Which backend does what',
    '',
    'Every cell is the result of many cases: outputs, gradients, training and life cycle, of all shapes and values of the full tier. It is the largest error among them, as a part of what is allowed ([tolerances](adr/0017-tolerances.md)); "exact" says that all results were the expected ones to the last bit.',
    '',
    tableRow(['', ...columns]),
    tableRow(['---', ...columns.map(() => '--:')]),
    tableRow(['**covered**', ...covered]),
    ...rows.map(({ subject, cells }) =>
      tableRow([
        subject,
        ...columns.map((column) => {
          const cell = cells[column];
          return cell === undefined ? '' : cellText(cell);
        }),
      ]),
    ),
    '',
    'What each backend declares, which is what the suite holds it to ([what it means](../packages/conformance/README.md)):',
    '',
    tableRow(['', 'declares']),
    tableRow(['---', '---']),
    ...columns.map((column) => tableRow([column, capabilityText(capabilities[column]!)])),
    '',
    '`npx -y pnpm@12 conformance:matrix` runs everything again and writes this page; a test compares the statuses of the quick tier. `npx -y pnpm@12 conformance:page` opens the same suite in your browser. [@nn/conformance](../packages/conformance/README.md) says what the cases are.',
    '',
  ].join('\n');
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function total(rows: readonly Row[], column: string, of: 'covered' | 'total'): number {
  return rows.reduce((sum, { cells }) => sum + (cells[column]?.[of] ?? 0), 0);
}
