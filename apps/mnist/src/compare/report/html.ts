// The report of a comparison: one file that needs no other, no network and no script.
import type { Settings } from '../../settings/settings.ts';
import { settingNames, settingText } from '../../settings/settings.ts';
import type { Comparison } from '../results.ts';
import { costCells, intervalNote, resultCells } from '../table.ts';
import type { Plan } from '../variants.ts';
import type { Section } from './charts.ts';
import { chartSections } from './charts.ts';
import { escapeHtml } from './escapeHtml.ts';
import { lineStyle } from './lineChart.ts';

export async function reportHtml(comparison: Comparison): Promise<string> {
  const { plan } = comparison;
  const title = titleOf(plan);
  const sections = await chartSections(comparison);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(whatWasRun(plan))}</p>
</header>
${resultTable(comparison)}
${legend(plan)}
${sections.map(sectionHtml).join('\n')}
${costTable(comparison)}
${settingsTable(plan)}
</body>
</html>
`;
}

function titleOf({ axes, seeds }: Plan): string {
  return axes.length === 0 ? `${seeds.length} seeds` : `What difference ${listText(axes)} ${axes.length === 1 ? 'makes' : 'make'}`;
}

function whatWasRun({ variants, seeds }: Plan): string {
  const networks = variants.length === 1 ? '1 network' : `${variants.length} networks`;
  return `${networks} trained with ${seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(', ')}`}.`;
}

function resultTable(comparison: Comparison): string {
  return `${tableHtml(comparison, resultCells(comparison))}
<p class="note">${escapeHtml(intervalNote(comparison))}</p>`;
}

function costTable(comparison: Comparison): string {
  return `<section>
<h2>What the networks cost</h2>
<p>Operations are those of one image in inference. Memory is what training on one batch keeps between forward and backward pass: as the program does, and as lecture 001 counts it, d · B numbers for a layer of d units on batches of B, and 2d + 2 · d · B with batch normalization.</p>
${tableHtml(comparison, costCells(comparison))}
</section>`;
}

/** Cells with a header, a row for each variant. */
function tableHtml({ plan }: Comparison, [header = [], ...rows]: readonly (readonly string[])[]): string {
  const names = Math.max(1, plan.axes.length);
  const cell = (text: string, column: number, line: number): string =>
    column < names ? `<th scope="row">${column === 0 ? swatch(line) : ''}${escapeHtml(text)}</th>` : `<td>${escapeHtml(text)}</td>`;
  const titles = header.map((text, column) => `<th scope="col"${column < names ? ' class="name"' : ''}>${escapeHtml(text)}</th>`);
  return `<div class="wide"><table>
<thead><tr>${titles.join('')}</tr></thead>
<tbody>
${rows.map((row, line) => `<tr>${row.map((text, column) => cell(text, column, line)).join('')}</tr>`).join('\n')}
</tbody>
</table></div>`;
}

function legend({ variants }: Plan): string {
  return `<ul class="legend">${variants.map(({ label }, line) => `<li>${swatch(line)}${escapeHtml(label)}</li>`).join('')}</ul>`;
}

function swatch(line: number): string {
  const { colour, dashed } = lineStyle(line);
  return `<span class="swatch${dashed ? ' dashed' : ''}" style="color:${colour}"></span>`;
}

function sectionHtml({ title, text, charts }: Section): string {
  return `<section>
<h2>${escapeHtml(title)}</h2>
<p>${escapeHtml(text)}</p>
<div class="charts">
${charts.map((svg) => `<figure>${svg}</figure>`).join('\n')}
</div>
</section>`;
}

/** What all runs have in common. */
function settingsTable({ axes, variants }: Plan): string {
  const { settings }: { settings?: Settings } = variants[0] ?? {};
  const common = settingNames.filter((name) => name !== 'seed' && !axes.includes(name));
  return `<details>
<summary>What all runs have in common</summary>
<dl>${common.map((name) => `<dt>${name}</dt><dd>${escapeHtml(settings === undefined ? '' : settingText(name, settings[name]))}</dd>`).join('')}</dl>
</details>`;
}

/** "normalization, initializer and dropout". */
function listText(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const style = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --page: #fff; --line: #d1d9e0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --page: #0d1117; --line: #3d444d; } }
body { margin: 2rem auto; padding: 0 1.25rem; max-width: 1280px; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem; }
p { max-width: 70ch; margin: .25rem 0 1rem; }
.note, header p { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem 1.25rem .4rem 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); font-weight: normal; }
thead th { color: var(--soft); }
th[scope=row], .name { text-align: left; }
.swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .5em; box-sizing: border-box; background: currentColor; }
.dashed { background: none; border: 2px dashed; }
.legend { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; margin: 1.5rem 0 0; padding: .6rem 0; background: var(--page); border-bottom: 1px solid var(--line); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(380px, 100%), 1fr)); gap: 1.5rem; }
figure { margin: 0; }
svg { display: block; width: 100%; height: auto; }
details { margin: 2.5rem 0; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1.5rem; }
dd { margin: 0; color: var(--text); }
`;
