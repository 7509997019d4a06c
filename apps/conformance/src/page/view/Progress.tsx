// How far each backend is, and its coverage.
import { capabilityText } from '@nn/conformance';
import type { ComponentChildren } from 'preact';
import type { BackendRun, Session } from '../../session.ts';

interface ProgressProps {
  readonly session: Session;
  readonly onStop: () => void;
}

export function Progress({ session: { status, runs }, onStop }: ProgressProps): ComponentChildren {
  return (
    <section>
      <h2>
        {{ idle: '', running: 'Running …', done: 'Done', stopped: 'Stopped' }[status]}
        {status === 'running' && (
          <button type="button" onClick={onStop}>
            Stop
          </button>
        )}
      </h2>
      {runs.map((run) => (
        <BackendProgress key={run.name} {...run} />
      ))}
    </section>
  );
}

function BackendProgress({ name, reports, total, milliseconds, capabilities, error }: BackendRun): ComponentChildren {
  const count = (status: string): number => reports.filter((report) => report.status === status).length;
  const failed = count('fail');
  const counts = [
    `${count('pass')}/${total} covered`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(['unsupported', 'skipped'] as const).flatMap((status) => (count(status) > 0 ? [`${count(status)} ${status}`] : [])),
  ];
  return (
    <p class={failed > 0 || error !== undefined ? 'progress fail' : 'progress'}>
      <strong>{name}</strong>
      <progress value={reports.length} max={Math.max(1, total)} />
      <span class="counts">{counts.join(', ')}</span>
      <span class="time">{(milliseconds / 1000).toFixed(1)} s</span>
      {capabilities !== undefined && <small>{capabilityText(capabilities)}</small>}
      {error !== undefined && <span class="reason">{error}</span>}
    </p>
  );
}
