// Everything on the page, from top to bottom.
import type { ComponentChildren } from 'preact';
import type { RunRequest } from '../../request.ts';
import type { Session } from '../../session.ts';
import { Failures } from './Failures.tsx';
import { MatrixTable } from './MatrixTable.tsx';
import { Progress } from './Progress.tsx';
import { RequestForm } from './RequestForm.tsx';

interface AppProps {
  readonly request: RunRequest;
  readonly session: Session;
  readonly onStop: () => void;
}

export function App({ request, session, onStop }: AppProps): ComponentChildren {
  const reports = session.runs.flatMap((run) => run.reports);
  return (
    <>
      <header>
        <h1>nn conformance</h1>
        <p>
          {crossOriginIsolated ? 'This page can share memory between threads' : 'This page is not cross-origin isolated: one thread'},{' '}
          {navigator.hardwareConcurrency} cores.
        </p>
      </header>
      <RequestForm request={request} />
      {session.status !== 'idle' && (
        <>
          <Progress session={session} onStop={onStop} />
          <Failures reports={reports} request={request} />
          <MatrixTable reports={reports} backends={session.runs.map(({ name }) => name)} />
        </>
      )}
    </>
  );
}
