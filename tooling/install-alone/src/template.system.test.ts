// The template of a backend, as an outsider starts from it: copied, installed, tested, built, and run by the command.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packAll, serve } from './registry.ts';
import { run } from './run.ts';

const root = join(import.meta.dirname, '../../..');
const scratch = await mkdtemp(join(tmpdir(), 'nn-template-'));
const packed = join(scratch, 'packed');
const project = join(scratch, 'backend-mine');
await mkdir(packed);
await cp(join(root, 'templates/backend'), project, { recursive: true });
const registry = await serve(await packAll(root, packed));
afterAll(async () => {
  registry.close();
  await rm(scratch, { recursive: true });
});

/** The tools that the template asks for, as this repository has them: a test downloads nothing. */
const tools = ['vitest', 'typescript'];

test('the template of a backend installs, is right, builds and is found by the command', { timeout: 180_000 }, async () => {
  const path = join(project, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { devDependencies: Record<string, string> };
  for (const tool of tools) delete manifest.devDependencies[tool];
  await writeFile(path, JSON.stringify(manifest));
  await writeFile(join(project, '.npmrc'), `@nn:registry=${registry.url}\naudit=false\nfund=false\nupdate-notifier=false\n`);
  await run(project, 'npm', ['install', '--legacy-peer-deps']);
  for (const tool of tools) await symlink(join(root, 'node_modules', tool), join(project, 'node_modules', tool), 'junction');

  await run(project, 'vitest', ['run', '--root', project]);
  await run(project, 'tsc', []);
  const printed = await run(project, 'npx', ['nn-conformance', '--backend', './dist/index.js', '--filter', '/iota/']);
  expect(printed).toMatch(/^\.\/dist\/index\.js: no case fails, (\d+)\/\1$/m);
});

test('a wrong kernel in it fails by its name', { timeout: 60_000 }, async () => {
  const path = join(project, 'src/kernels.ts');
  const source = await readFile(path, 'utf8');
  await writeFile(path, source.replace('% extent;', '% extent + 1;'));
  await expect(run(project, 'vitest', ['run', '--root', project, '-t', '/iota/'])).rejects.toThrow('FAIL forward/iota/columns on mine');
});
