// Every example in the documents runs and prints what stands behind it; everything they name exists.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { documentsOf } from './documents.ts';
import { generators } from './generators.ts';
import { createProject } from './project.ts';
import { refreshed } from './refresh.ts';

const root = join(import.meta.dirname, '../../../..');
const project = await createProject(root);
afterAll(() => project.remove());

test.each(documentsOf(root))('%s', { timeout: 60_000 }, async (path) => {
  const markdown = await readFile(join(root, path), 'utf8');
  expect(markdown, "run 'pnpm run docs'").toBe(await refreshed({ root, project, generators }, path, markdown));
});
