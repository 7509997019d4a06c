import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import { refreshed } from './refresh.ts';

let root: string;
let project: Project;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'nn-docs-test-'));
  await mkdir(join(root, 'packages/greet'), { recursive: true });
  await writeFile(join(root, 'package.json'), JSON.stringify({ scripts: { test: 'vitest' } }));
  const manifest = { name: '@nn/greet', type: 'module', exports: { '.': { '@nn/source': './index.ts', default: './missing.js' } } };
  await writeFile(join(root, 'packages/greet/package.json'), JSON.stringify(manifest));
  await writeFile(join(root, 'packages/greet/index.ts'), 'export const greet = (name: string) => `hello ${name}`;\n');
  project = await createProject(root);
});

afterAll(async () => {
  await project.remove();
  await rm(root, { recursive: true });
});

const fence = (heading: string, ...lines: string[]) => ['```' + heading, ...lines, '```'].join('\n');
const refresh = (...parts: string[]) => refreshed({ root, project, generators: { answer: () => '42' } }, 'README.md', parts.join('\n\n'));
const program = fence('js', `import { greet } from '@nn/greet';`, `console.log(greet('world'));`, 'console.log([1, 2]);');
const printed = fence('text', 'hello world', '[ 1, 2 ]');

describe('what a program prints', () => {
  test('stands behind it', async () => {
    expect(await refresh('# Title', program, 'More.')).toBe(['# Title', program, printed, 'More.'].join('\n\n'));
  });

  test('replaces what it printed before', async () => {
    expect(await refresh(program, fence('text', 'hello moon'), 'More.')).toBe([program, printed, 'More.'].join('\n\n'));
  });

  test('leaves a text alone that comes after other words', async () => {
    const file = [program, printed, 'Words.', fence('text', 'any')].join('\n\n');
    expect(await refresh(file)).toBe(file);
  });

  test('goes when the program no longer prints', async () => {
    const silent = fence('js', 'const unused = 1;');
    expect(await refresh(silent, fence('text', 'old'), 'More.')).toBe([silent, 'More.'].join('\n\n'));
  });
});

describe('what is refused, with file and line', () => {
  test.each([
    ['a program that fails', fence('js', `throw new RangeError('too far');`), /README\.md:1: this example fails[\s\S]*RangeError: too far/],
    ['a package that is not there', fence('js', `import '@nn/missing';`), /README\.md:1[\s\S]*@nn\/missing/],
    ['a wrong type', fence('ts', `import { greet } from '@nn/greet';`, 'greet(1);'), /README\.md[\s\S]*line-1\.ts\(2,7\)[\s\S]*'number'/],
    [
      'a stale excerpt',
      fence('ts excerpt packages/greet/index.ts', 'export const leave'),
      /README\.md:1: packages\/greet\/index\.ts no longer/,
    ],
    ['an excerpt of nothing', fence('ts excerpt packages/gone.ts', ''), /there is no packages\/gone\.ts/],
    ['a misspelt heading', fence('ts exerpt packages/greet/index.ts', ''), /'exerpt packages\/greet\/index\.ts' says nothing/],
    ['an unknown generator', fence('text generated nothing'), /README\.md:1: nothing generates 'nothing'/],
    ['an unknown script', `\n${fence('sh', 'npx -y pnpm@12 tset')}`, /README\.md:2: package\.json has no script 'tset'/],
    ['an unknown script in a sentence', 'Run `npx -y pnpm@12 tset`.', /README\.md:1: package\.json has no script 'tset'/],
    ['an unknown package', fence('sh', 'npm i @nn/greet @nn/gret'), /there is no package @nn\/gret$/],
    ['a broken link', 'See [there](docs/there.md).', /README\.md:1: there is no docs\/there\.md/],
    ['a path that is gone', 'See `packages/greet/gone.ts`.', /README\.md:1: there is no packages\/greet\/gone\.ts/],
  ])('%s', async (_, file, message) => {
    await expect(refresh(file)).rejects.toThrow(message);
  });
});

test('what is right stays as it is', async () => {
  const file = [
    'A [link](packages/greet/index.ts), a [page](https://example.org), `packages/<name>` and `packages/greet`.',
    fence('ts excerpt packages/greet/index.ts', 'export const greet = (name: string) => `hello ${name}`;'),
    fence('ts', `import { greet } from '@nn/greet';`, 'export const all: string = greet(`all`);'),
    fence('sh', 'npm i @nn/greet', 'npx -y pnpm@12 test --bail', 'npx -y pnpm@12 install'),
    fence('text', 'as it is'),
    fence('text generated answer', '42'),
  ].join('\n\n');
  expect(await refresh(file)).toBe(file);
});
