#!/usr/bin/env node
// The command nn-mnist: connects main to the process.
import { basename, relative } from 'node:path';
import { hasCode } from './commandLine/errors.ts';
import { main } from './main.ts';
import { abortOnSignals } from './commandLine/signals.ts';

// A reader that has seen enough (`| head`), or a terminal that was closed, is no reason to lose a run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: unknown) => {
    if (!hasCode(error, 'EPIPE', 'EIO')) throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: abortOnSignals(),
  program: programName(process.argv[1] ?? ''),
  colours: process.env['NO_COLOR'] === undefined,
});

/** How to call this program again from the same folder. */
function programName(script: string): string {
  return basename(script) === 'cli.js' ? `node ${relative('', script)}` : 'nn-mnist';
}
