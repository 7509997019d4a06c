// Checks the boundaries of the whole workspace; run in its root.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, WorkspacePackage } from './check.ts';
import { violations } from './check.ts';
import { packageRules } from './rules.ts';

function readPackage(directory: string): WorkspacePackage {
  const root = join(directory, 'src');
  const paths = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/')) : [];
  const sources = paths.filter((path) => /\.tsx?$/.test(path)).map((path) => [path, readFileSync(join(root, path), 'utf8')]);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  return { directory, manifest, sources: Object.fromEntries(sources) };
}

const workspace = ['packages', 'apps', 'tooling']
  .flatMap((group) => readdirSync(group).map((name) => `${group}/${name}`))
  .filter((directory) => existsSync(join(directory, 'package.json')))
  .map(readPackage);
const found = violations(workspace, packageRules);
if (found.length > 0) {
  console.error(found.join('\n'));
  process.exitCode = 1;
}
