// Draws the README's picture from two trainings that differ in batch normalization alone; run in the root of the repository.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Run } from './chart.ts';
import { chart } from './chart.ts';

const target = 'docs/images/batch-normalization.svg';
// The network of figure 1 in Ioffe and Szegedy (2015): sigmoids and plain gradient descent, where the difference is easy to see.
const settings = '--hidden 100,100,100 --activation sigmoid --optimizer sgd --rate 0.1 --schedule constant --batch 60 --epochs 5 --seed 0';
const texts = {
  title: 'MNIST with and without batch normalization',
  subtitle: [
    '784-100-100-100-10, sigmoid, plain SGD at rate 0.1, batches of 60.',
    'Both begin with the same weights and see the same batches.',
  ],
};

/** Trains with `nn-mnist` and reads the test accuracy after each epoch. */
async function train(name: string, normalization: string, scratch: string): Promise<Run> {
  const out = join(scratch, normalization);
  const options = [...settings.split(' '), '--normalization', normalization, '--out', out];
  console.log(`nn-mnist train ${options.join(' ')}`);
  await promisify(execFile)('node', ['apps/mnist/dist/cli.js', 'train', ...options]);
  const rows = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const figures = rows.map((row) => JSON.parse(row) as { readonly type: string; readonly validationAccuracy: number });
  return { name, accuracies: figures.filter(({ type }) => type === 'epoch').map(({ validationAccuracy }) => validationAccuracy) };
}

const scratch = await mkdtemp(join(tmpdir(), 'nn-picture-'));
try {
  const runs = [await train('with batch normalization', 'batch', scratch), await train('without', 'none', scratch)];
  await writeFile(target, await chart(runs, texts));
  console.log(`${target}: drawn`);
} finally {
  await rm(scratch, { recursive: true });
}
