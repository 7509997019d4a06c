import { describe, expect, test } from 'vitest';
import type { WorkspacePackage } from './check.ts';
import { violations } from './check.ts';
import type { PackageRule } from './rules.ts';

const rules: Record<string, PackageRule> = {
  low: {
    imports: [],
    folders: {
      errors: { imports: [] },
      ops: { imports: ['errors'] },
      module: { imports: ['errors', 'ops'], types: ['backend'] },
      backend: { imports: ['ops'] },
    },
  },
  high: { imports: ['low'], node: ['node/', 'cli.ts'] },
  loader: { imports: ['low'], loads: ['high'] },
};

type Manifest = Partial<WorkspacePackage['manifest']>;

/** A small workspace with `text` at `path` (`packages/high/src/a.ts`), and package.json fields by package. */
function check(path: string, text: string, manifests: Record<string, Manifest> = {}): string[] {
  const directories = ['packages/low', 'packages/high', 'packages/loader', 'apps/shop', 'tooling/hammer'];
  const workspace = directories.map((directory): WorkspacePackage => {
    const [group, name = ''] = directory.split('/');
    const scope = group === 'tooling' ? '@nn-tooling' : '@nn';
    return {
      directory,
      manifest: { name: `${scope}/${name}`, exports: { '.': './src/index.ts', './extra': './src/extra.ts' }, ...manifests[name] },
      sources: path.startsWith(`${directory}/`) ? { [path.slice(`${directory}/src/`.length)]: text } : {},
    };
  });
  return violations(workspace, rules);
}

describe('what is allowed', () => {
  test.each([
    ['packages/high/src/a.ts', `import { x } from '@nn/low';`],
    ['packages/high/src/a.ts', `import { x } from '@nn/low/extra';`],
    ['packages/high/src/a.ts', `import { x } from './deep/b.ts';`],
    ['packages/high/src/node/a.ts', `import { x } from 'node:fs';`],
    ['packages/high/src/cli.ts', `import { x } from 'node:fs';`],
    ['packages/high/src/a.test.ts', `import { x } from 'node:fs'; import { y } from '@nn/loader';`],
    ['packages/loader/src/a.ts', `const high = () => import('@nn/high');`],
    ['packages/low/src/ops/a.ts', `import { x } from '../errors/b.ts'; export { y } from './c.ts';`],
    ['packages/low/src/module/a.ts', `import type { X } from '../backend/b.ts';`],
    ['packages/low/src/index.ts', `export * from './module/a.ts';`],
    ['apps/shop/src/a.ts', `import { x } from '@nn/high'; import { y } from 'node:fs';`],
  ])('%s: %s', (path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});

describe('what is refused', () => {
  test.each([
    ['upwards', 'packages/low/src/a.ts', `import { x } from '@nn/high';`, 'above this package'],
    ['upwards, a type', 'packages/low/src/a.ts', `import type { X } from '@nn/high';`, 'above this package'],
    ['upwards, a re-export', 'packages/low/src/a.ts', `export { x } from '@nn/high';`, 'above this package'],
    ['upwards, all of it', 'packages/low/src/a.ts', `export * from '@nn/high';`, 'above this package'],
    ['upwards, on demand', 'packages/low/src/a.ts', `await import('@nn/high');`, 'above this package'],
    ['a deep import', 'packages/high/src/a.ts', `import { x } from '@nn/low/src/b.ts';`, 'no entry in the exports of @nn/low'],
    ['a deep import in a test', 'packages/high/src/a.test.ts', `import { x } from '@nn/low/src/b.ts';`, 'no entry in the exports'],
    ['a path into another package', 'packages/high/src/a.ts', `import { x } from '../../low/src/b.ts';`, 'leaves the package'],
    ['node: outside of Node-only files', 'packages/high/src/a.ts', `import { x } from 'node:fs';`, 'for Node only'],
    ['node: on demand', 'packages/high/src/a.ts', `await import('node:fs');`, 'for Node only'],
    ['a backend loaded at once', 'packages/loader/src/a.ts', `import { x } from '@nn/high';`, 'must be loaded with import()'],
    ['an app', 'packages/high/src/a.ts', `import { x } from '@nn/shop';`, 'nobody imports an app'],
    ['an app from tooling', 'tooling/hammer/src/a.ts', `import { x } from '@nn/shop';`, 'nobody imports an app'],
    ['tooling in published code', 'packages/high/src/a.ts', `import { x } from '@nn-tooling/hammer';`, 'only tests may use it'],
    ['a folder above', 'packages/low/src/errors/a.ts', `import { x } from '../ops/b.ts';`, `'errors/' may not import from 'ops/'`],
    ['a value where types are allowed', 'packages/low/src/module/a.ts', `import { x } from '../backend/b.ts';`, 'only types'],
    ['a value among types', 'packages/low/src/module/a.ts', `import { type X, y } from '../backend/b.ts';`, 'only types'],
    ['the entry from a folder', 'packages/low/src/errors/a.ts', `import { x } from '../index.ts';`, 'imports from folders only'],
    ['a folder without a row', 'packages/low/src/new/a.ts', `import { x } from '../errors/b.ts';`, 'no row in the order of folders'],
  ])('%s', (_, path, text, message) => {
    expect(check(path, text)).toEqual([expect.stringContaining(message)]);
  });

  test('a package without a row', () => {
    const manifest = { name: '@nn/other' };
    expect(violations([{ directory: 'packages/other', manifest, sources: {} }], rules)).toEqual([expect.stringContaining('no row')]);
  });

  test('packages that depend on each other in a circle, also through their tests', () => {
    const manifests = { high: { dependencies: { '@nn/low': 'workspace:^' } }, low: { devDependencies: { '@nn/high': 'workspace:^' } } };
    expect(check('packages/low/src/index.ts', '', manifests)).toEqual([expect.stringContaining('@nn/low -> @nn/high -> @nn/low')]);
  });

  test('a file that does not parse', () => {
    expect(() => check('packages/low/src/a.ts', 'import {')).toThrow('a.ts');
  });
});
