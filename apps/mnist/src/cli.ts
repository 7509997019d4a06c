#!/usr/bin/env node
// The command nn-mnist: connects main to the process.
import { basename, relative } from 'node:path';
import { Interruption, hasCode } from './errors.ts';
import { main } from './main.ts';

const stop = new AbortController();
// Only the first signal is asked to be patient: the next one finds no handler and ends the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Interruption(signal)));

// A reader that has seen enough (`| head`) is no reason to lose a run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: unknown) => {
    if (!hasCode(error, 'EPIPE')) throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  program: programName(process.argv[1] ?? ''),
  colours: process.env['NO_COLOR'] === undefined,
});

/** How to call this program again from the same folder. */
function programName(script: string): string {
  return basename(script) === 'cli.js' ? `node ${relative('', script)}` : 'nn-mnist';
}
