// The programs that users would run, and what each must print.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Program {
  readonly name: string;
  /** All that is installed, besides what these packages depend on. */
  readonly packages: readonly string[];
  /** Plain JavaScript. */
  readonly source: string;
  readonly prints: string;
}

/** The programs for the workspace at `root`. */
export async function readPrograms(root: string): Promise<Program[]> {
  const read = (file: string) => readFile(join(import.meta.dirname, '../programs', file), 'utf8');
  return [
    {
      name: 'infers',
      packages: ['@nn/layers', '@nn/backend-cpu'],
      source: await read('infer.js'),
      prints: 'answers: [ [ 2 ], [ 0 ] ]\n',
    },
    {
      name: 'trains',
      packages: ['@nn/train', '@nn/backend-cpu'],
      source: await read('train.js'),
      prints: 'epochs: 200 at ten: 21\n',
    },
    {
      name: 'runs the example of the README',
      packages: ['@nn/kit', '@nn/backend-cpu'],
      ...readmeExample(await readFile(join(root, 'README.md'), 'utf8')),
    },
  ];
}

/** The first example of a document, with the output behind it. @throws when there is none */
function readmeExample(markdown: string): { source: string; prints: string } {
  const [, source, prints] = /```js\n(.*?)```\n\n```text\n(.*?)```/s.exec(markdown) ?? [];
  if (source === undefined || prints === undefined)
    throw new Error('The README has no ```js block with a ```text block of its output behind it.');
  return { source, prints };
}
