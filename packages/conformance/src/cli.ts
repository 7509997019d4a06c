#!/usr/bin/env node
// The command nn-conformance.
import { main } from './node/main.ts';

process.exitCode = await main(process.argv.slice(2), { out: (line) => console.log(line), error: (line) => console.error(line) });
