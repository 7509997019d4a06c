// The page: reads its address, runs what it asks for, and shows what is known so far.
import { render } from 'preact';
import type { RunRequest } from '../request.ts';
import { parseRequest } from '../request.ts';
import type { Session } from '../session.ts';
import { runSession } from '../session.ts';
import { App } from './view/App.tsx';

const root = document.querySelector('main')!;
const controller = new AbortController();

try {
  await start(parseRequest(location.search));
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  root.textContent = error.message;
}

async function start(request: RunRequest): Promise<void> {
  const show = (session: Session): void => {
    globalThis.conformance = session;
    render(<App request={request} session={session} onStop={() => controller.abort()} />, root);
  };
  show({ status: 'idle', runs: [] });
  if (request.backends.length > 0) await runSession(request, show, controller.signal);
}
