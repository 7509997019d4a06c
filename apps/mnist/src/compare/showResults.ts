// What a comparison shows when it is done: the curves of the losses and a table.
import type { Io } from '../commandLine/io.ts';
import { writeLine } from '../commandLine/io.ts';
import { alignColumns } from '../commandLine/texts.ts';
import { lossCurves } from './curves.ts';
import type { Comparison } from './results.ts';
import { intervalNote, resultCells } from './table.ts';
import { drawCurves } from './terminalCurves.ts';

export function showResults(comparison: Comparison, { stdout, colours }: Io): void {
  const { variants, plan } = comparison;
  const drawn = drawCurves(lossCurves(variants), 'training loss', {
    columns: stdout.columns || 80,
    colours: colours && stdout.isTTY === true,
  });
  if (drawn !== '') writeLine(stdout, `\n${drawn}`);
  writeLine(stdout);
  for (const line of alignColumns(resultCells(comparison), Math.max(1, plan.axes.length))) writeLine(stdout, line.trimEnd());
  writeLine(stdout, intervalNote(comparison));
}
