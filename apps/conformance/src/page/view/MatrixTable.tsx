// The matrix, subject × backend: whether it is right, and how near the largest error comes to what is allowed.
import type { CaseReport } from '@nn/conformance';
import type { ComponentChildren } from 'preact';
import type { Cell } from '../../matrix/matrix.ts';
import { cellText, matrixOf } from '../../matrix/matrix.ts';

interface MatrixTableProps {
  readonly reports: readonly CaseReport[];
  readonly backends: readonly string[];
}

export function MatrixTable({ reports, backends }: MatrixTableProps): ComponentChildren {
  const rows = matrixOf(reports);
  return (
    <section>
      <h2>Matrix</h2>
      <p>The largest error of each subject, as a part of what is allowed. "exact": all are the expected ones to the last bit.</p>
      <table>
        <thead>
          <tr>
            <th />
            {backends.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ subject, cells }) => (
            <tr key={subject}>
              <th>{subject}</th>
              {backends.map((name) => (
                <MatrixCell key={name} cell={cells[name]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function MatrixCell({ cell }: { readonly cell: Cell | undefined }): ComponentChildren {
  if (cell === undefined) return <td />;
  return (
    <td class={cell.status} title={`${cell.covered} of ${cell.total} cases pass`}>
      {cellText(cell)}
    </td>
  );
}
