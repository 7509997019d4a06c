// docs/performance.md, from the results of runs.
import type { Results } from '../results.ts';
import { report } from './tables.ts';

const introduction = `# Performance

Written by \`pnpm bench document <results …>\`; what is measured and how, says [the benchmark's README](../tooling/bench/README.md). Compare ratios: absolute times move with the machine.`;

/**
 * @param runs one per version of Node
 * @param log what was tried, in words
 */
export function performanceDocument(runs: readonly Results[], log: string): string {
  return `${[introduction, ...runs.map(section), log.trim()].join('\n\n')}\n`;
}

function section(results: Results): string {
  const { machine, threads, settings } = results;
  const conditions = `${machine.cpu}, ${machine.cores} cores, ${threads} threads; ${settings.rounds} rounds of ${settings.slice} ms after ${settings.warmUp} ms of warming up.`;
  return [`## Node ${machine.node.slice(1)}`, conditions, report(results)].join('\n\n');
}
