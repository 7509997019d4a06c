// Results as one HTML page that needs nothing beside it.
import type { CaseReport } from './contract.ts';
import type { Declared } from './report.ts';
import { capabilityText, cellText, coverageLines, failureText, matrixOf } from './report.ts';

/** The matrix, the coverage and everything that did not pass. */
export function htmlReport(reports: readonly CaseReport[], declared: Declared = {}): string {
  const rows = matrixOf(reports);
  const backends = rows[0]?.map(({ backend }) => backend) ?? [];
  const table = rows.map((cells) => {
    const data = cells.map((cell) => `<td class="${cell.counts.fail > 0 ? 'fail' : 'pass'}">${escaped(cellText(cell))}</td>`);
    return `<tr><th scope="row">${escaped(cells[0]!.subject)}</th>${data.join('')}</tr>`;
  });
  const notCovered = reports.filter(({ status }) => status === 'unsupported' || status === 'skipped');
  const failures = reports.filter(({ status }) => status === 'fail');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Conformance of ${escaped(backends.join(', '))}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; }
  table { border-collapse: collapse; }
  th, td { border-bottom: 1px solid #8884; padding: 0.2rem 1rem; text-align: left; font-variant-numeric: tabular-nums; }
  thead th { position: sticky; top: 0; background: Canvas; }
  .fail { color: #fff; background: #b00020; }
  pre { white-space: pre-wrap; }
</style>
<h1>Conformance</h1>
${coverageLines(reports)
  .map((line) => `<p>${escaped(line)}</p>`)
  .join('\n')}
${Object.entries(declared)
  .map(([name, capabilities]) => `<p>${escaped(`${name} declares ${capabilityText(capabilities)}.`)}</p>`)
  .join('\n')}
<p>Cases that pass, and the largest error as a part of what is allowed.</p>
<table>
<thead><tr><th scope="col">subject</th>${backends.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead>
<tbody>
${table.join('\n')}
</tbody>
</table>
${failures.length === 0 ? '' : `<h2>Failures</h2>\n${failures.map((report) => `<pre>${escaped(failureText(report).join('\n'))}</pre>`).join('\n')}`}
${notCovered.length === 0 ? '' : `<h2>Not covered</h2>\n<ul>\n${notCovered.map((report) => `<li>${escaped(`${report.id} on ${report.backend}: ${report.reason}`)}</li>`).join('\n')}\n</ul>`}
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
