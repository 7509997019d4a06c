// Run by the build of a package, in its folder: writes one file for each entry that has a form for Node, which loads few files much sooner
// than many. Bundlers take the modules one by one, so that they can leave out what a page does not use.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

interface Entry {
  readonly '@nn/source': string;
  /** `./dist/node/<name>.js` */
  readonly node?: string;
}

const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly exports: Readonly<Record<string, Entry>> };
const bundled = Object.values(entries).flatMap(({ '@nn/source': source, node }) => (node === undefined ? [] : [{ source, node }]));

await build({
  entryPoints: bundled.map(({ source, node }) => ({ in: source, out: node.replace(/^\.\/dist\/node\/(.+)\.js$/, '$1') })),
  outdir: 'dist/node',
  bundle: true,
  // What several entries need is there once.
  splitting: true,
  chunkNames: 'shared-[hash]',
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
});
