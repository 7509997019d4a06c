// Which files are documents: their examples are run, their links followed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below `root`. */
export function documentsOf(root: string): string[] {
  const guides = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path));
  const readmes = ['packages', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name, 'README.md')));
  return ['README.md', 'CONTRIBUTING.md', ...guides, ...readmes].filter((path) => path.endsWith('.md') && existsSync(join(root, path)));
}
