// What failed, with all that is known about it and the ways to run it again.
import type { CaseReport } from '@nn/conformance';
import type { ComponentChildren } from 'preact';
import type { RunRequest } from '../../request.ts';
import { addressOf } from '../../request.ts';

interface FailuresProps {
  readonly reports: readonly CaseReport[];
  readonly request: RunRequest;
}

/** More would make the page slow, and nobody reads them: those of the same cause come together. */
const most = 100;

export function Failures({ reports, request }: FailuresProps): ComponentChildren {
  const failed = reports.filter(({ status }) => status === 'fail');
  if (failed.length === 0) return undefined;
  return (
    <section>
      <h2>
        {failed.length} {failed.length === 1 ? 'failure' : 'failures'}
        {failed.length > most && `, the first ${most}`}
      </h2>
      {failed.slice(0, most).map((report) => (
        <Failure key={`${report.backend} ${report.id}`} report={report} request={request} />
      ))}
    </section>
  );
}

function Failure({ report, request }: { readonly report: CaseReport; readonly request: RunRequest }): ComponentChildren {
  const { id, backend, reason, evidence = {}, rerun } = report;
  const again = addressOf({ ...request, backends: [backend], filter: id });
  return (
    <article>
      <h3>
        <code>{id}</code> on {backend} <a href={again}>run again</a>
      </h3>
      <p class="reason">{reason}</p>
      <details>
        <summary>{evidence.program === undefined ? 'Command' : 'Program, values, command'}</summary>
        {evidence.program !== undefined && <pre>{evidence.program}</pre>}
        <dl>
          {evidence.expected !== undefined && <Value title="expected">{evidence.expected}</Value>}
          {evidence.actual !== undefined && <Value title="actual">{evidence.actual}</Value>}
          <Value title="in a terminal">{rerun}</Value>
        </dl>
      </details>
    </article>
  );
}

function Value({ title, children }: { readonly title: string; readonly children: string }): ComponentChildren {
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <code>{children}</code>
      </dd>
    </>
  );
}
