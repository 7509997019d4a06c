// What documents say about this repository, checked: links, paths, scripts, packages, excerpts.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Block } from './blocks.ts';
import { blocksOf } from './blocks.ts';

/** Everything in the document at `path`, relative to `root`, that names something which is not there. One sentence each. */
export function mistakes(root: string, path: string, markdown: string): string[] {
  const lines = markdown.split('\n');
  const blocks = blocksOf(markdown);
  const code = new Set(blocks.flatMap(({ line, text }) => [...text.split('\n').keys()].map((offset) => line + 1 + offset)));
  const prose = lines.flatMap((text, index) =>
    code.has(index + 1) ? [] : lineMistakes(root, dirname(path), text).map((message) => `${path}:${index + 1}: ${message}`),
  );
  return [...prose, ...blocks.flatMap((block) => blockMistakes(root, block).map((message) => `${path}:${block.line}: ${message}`))];
}

/** Links of one line of prose that lead nowhere, and what its code spans name that is not there. */
function lineMistakes(root: string, directory: string, line: string): string[] {
  const links = [...line.matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"#]+)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(directory, target));
  const spans = [...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  const files = spans.filter((span) => /^(?:packages|apps|tooling|docs)\/[^\s*<{]*$/.test(span));
  const missing = [...links, ...files].filter((target) => !existsSync(join(root, target))).map((target) => `there is no ${target}`);
  return [...missing, ...spans.flatMap((span) => commandMistakes(root, span))];
}

function blockMistakes(root: string, block: Block): string[] {
  if (block.language === 'sh') return commandMistakes(root, block.text);
  const [kind, path] = block.info;
  if (block.language !== 'ts' || kind === undefined) return [];
  if (kind !== 'excerpt' || path === undefined) return [`'${block.info.join(' ')}' says nothing: write 'ts excerpt <path>'`];
  const file = join(root, path);
  if (!existsSync(file)) return [`there is no ${path}`];
  return readFileSync(file, 'utf8').includes(block.text) ? [] : [`${path} no longer contains this excerpt`];
}

/** Scripts and packages of this repository that a command or name means and that do not exist. */
function commandMistakes(root: string, text: string): string[] {
  const { scripts } = readManifest(root);
  const packages = new Set(readdirSync(join(root, 'packages')).map((folder) => readManifest(join(root, 'packages', folder)).name));
  const noScripts = [...text.matchAll(/\bpnpm(?:@12)? (?:run )?([\w:-]+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => !Object.hasOwn(scripts, name) && !commandsOfPnpm.has(name))
    .map((name) => `package.json has no script '${name}'`);
  const noPackages = [...text.matchAll(/@nn\/[\w-]+/g)]
    .filter(([name]) => !packages.has(name))
    .map(([name]) => `there is no package ${name}`);
  return [...noScripts, ...noPackages];
}

const commandsOfPnpm = new Set(['install', 'exec']);

interface Manifest {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
}

const readManifest = (directory: string) => JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
