// Every layer has an entry in the documents: a row that says what it computes, and a section with an example, which is run elsewhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as exported from './index.ts';

const home = join(import.meta.dirname, '..');
const readme = readFileSync(join(home, 'README.md'), 'utf8');

/** What batch normalizations remember; no layers. */
const strategies = new Set(['ema', 'cumulative']);
const layers = Object.entries(exported).flatMap(([name, value]) =>
  typeof value === 'function' && 'rebuild' in value && !strategies.has(name) ? [name] : [],
);

/** The section of a document below the heading that a link with this anchor leads to. */
function sectionAt(markdown: string, anchor: string): string | undefined {
  const sections = markdown.split(/\n(?=## )/);
  return sections.find((section) => section.split('\n')[0]!.slice(3).toLowerCase().replaceAll(' ', '-') === anchor);
}

it('is the whole list', () => {
  expect(layers.length).toBeGreaterThan(45);
});

it.each(layers)('%s', (name) => {
  const row = new RegExp(`^\\| \\[\`${name}\\(.*?\\]\\((?<file>[^#)]*)#(?<anchor>[^)]+)\\).*`, 'm').exec(readme);
  const { file = '', anchor = '' } = row?.groups ?? {};
  expect(row, 'a row of the table in README.md').not.toBeNull();
  const section = sectionAt(file === '' ? readme : readFileSync(join(home, file), 'utf8'), anchor);
  expect(section, `a section at ${file}#${anchor}`).toMatch(/```js\n/);
  expect(section).toContain(name);
});
