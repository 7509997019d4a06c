// `nn-mnist compare` on a small data set: its runs, its table, its report, and going on where it was stopped.
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interruption } from '../commandLine/errors.ts';
import type { CommandOptions, CommandResult } from '../testing/command.ts';
import { runCommand } from '../testing/command.ts';
import { classes, writeImageSet } from '../testing/imageSet.ts';
import { estimate } from './statistics.ts';

let root: string;
let data: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'nn-mnist-'));
  data = await writeImageSet(join(root, 'data'));
});
afterAll(() => rm(root, { recursive: true }));

async function compareInto(out: string, flags: string, options: CommandOptions = {}): Promise<CommandResult> {
  const small = `--hidden 8,6 --batch 8 --classes ${classes} --epochs 2 --data ${data} --out ${join(root, out)}`;
  const backend = flags.includes('--backend') ? '' : ' --backend reference';
  return runCommand(['compare', ...`${small}${backend} ${flags}`.split(' ')], options);
}

const read = (...path: string[]): Promise<string> => readFile(join(root, ...path), 'utf8');

describe('a comparison', () => {
  let result: CommandResult;
  beforeAll(async () => {
    result = await compareInto('whole', '--normalization none,batch --seeds 3');
    // The first comparison loads what draws the charts.
  }, 60_000);

  it('runs every network with every seed', async () => {
    expect({ ...result, stdout: '' }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(result.stdout).toContain('6 runs: 2 networks, each with 3 seeds\n');
    expect(result.stdout).toContain('2/6  batch, seed 0: test accuracy ');
    const runs = ['batch', 'none'].flatMap((name) => [0, 1, 2].map((seed) => `normalization-${name}_seed-${seed}`));
    expect(await readdir(join(root, 'whole'))).toEqual(['comparison.json', ...runs, 'report.html']);
    expect((await runCommand(['predict', join(root, 'whole', runs[0]!), '--index', '0'])).exitCode).toBe(0);
  });

  it('shows means, intervals and differences of pairs, as the file has them', async () => {
    expect(result.stdout).toMatch(/normalization +test accuracy +against none +test loss/);
    expect(result.stdout).toMatch(/batch +\d+\.\d\d % ± \d+\.\d\d +[+-]\d+\.\d\d points \(-?\d+\.\d\d to -?\d+\.\d\d\)/);
    const { variants } = JSON.parse(await read('whole', 'comparison.json')) as {
      variants: { label: string; testAccuracy: { mean: number }; difference?: object }[];
    };
    expect(variants.map(({ label }) => label)).toEqual(['none', 'batch']);
    const accuracies = await Promise.all(
      ['none', 'batch'].map(async (name) =>
        Promise.all(
          [0, 1, 2].map(
            async (seed) =>
              JSON.parse(await read('whole', `normalization-${name}_seed-${seed}`, 'result.json')) as { testAccuracy: number },
          ),
        ),
      ),
    );
    const [none, batch] = accuracies as [{ testAccuracy: number }[], { testAccuracy: number }[]];
    expect(variants[1]!.difference).toEqual(estimate(batch.map(({ testAccuracy }, seed) => testAccuracy - none[seed]!.testAccuracy)));
    expect(variants[0]!.difference).toBeUndefined();
  });

  it('draws the losses, in one picture where there are colours', async () => {
    expect(result.stdout).toContain('training loss, none\n');
    const { stdout } = await compareInto('whole', '--normalization none,batch --seeds 3', { terminal: 80 });
    expect(stdout).toContain('training loss\n');
    expect(stdout).toContain('\u001B[34m── none');
  });

  it('keeps figures of the hidden layers, from before the first step on', async () => {
    const rows = (await read('whole', 'normalization-none_seed-0', 'metrics.jsonl')).trimEnd().split('\n');
    const looks = rows
      .map((row) => JSON.parse(row) as { type: string; epochs: number; layers: object[] })
      .filter(({ type }) => type === 'layers');
    expect(looks[0]).toMatchObject({ epochs: 0, layers: [{ path: 'relu1', dead: expect.any(Number) }, { path: 'relu2' }] });
    expect(looks.length).toBeGreaterThan(10);
    expect(looks.at(-1)!.epochs).toBe(2);
  });

  it('leaves a report that needs no other file, no network and no script', async () => {
    const html = await read('whole', 'report.html');
    expect(html).toContain('<h1>What difference normalization makes</h1>');
    // Losses, accuracies, gradients, and three figures of two layers.
    expect(html.match(/<svg /g)).toHaveLength(3 + 3 * 2);
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=/);
    expect([...html.matchAll(/https?:\/\/[^"'\s<]+/g)].every(([url]) => url.startsWith('http://www.w3.org/'))).toBe(true);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('keeps what is done, and does only what is new', { timeout: 30_000 }, async () => {
    const before = await read('whole', 'normalization-none_seed-0', 'metrics.jsonl');
    const { exitCode, stdout } = await compareInto('whole', '--normalization none,batch,layer --seeds 3');
    expect(exitCode).toBe(0);
    expect(stdout.match(/, from before\n/g)).toHaveLength(6);
    expect(stdout.match(/layer, seed \d: test accuracy [\d.]+ %, test loss [\d.]+, [\d.]+ s\n/g)).toHaveLength(3);
    expect(await read('whole', 'normalization-none_seed-0', 'metrics.jsonl')).toBe(before);
  });
});

it('goes on where it was stopped', { timeout: 30_000 }, async () => {
  const stop = new AbortController();
  const flags = '--dropout 0,0.2 --seeds 2';
  const stopped = await compareInto('stopped', flags, {
    signal: stop.signal,
    onOutput: (text) => {
      if (text.startsWith('2/4')) setTimeout(() => stop.abort(new Interruption('SIGINT')), 3);
    },
  });
  expect(stopped.exitCode).toBe(130);
  expect(await readdir(join(root, 'stopped'))).not.toContain('report.html');
  const { exitCode, stdout } = await compareInto('stopped', flags);
  expect(exitCode).toBe(0);
  expect(stdout.match(/, from before\n/g)).toHaveLength(2);
  expect(await readdir(join(root, 'stopped'))).toContain('report.html');
});

it('counts runs that diverge', { timeout: 30_000 }, async () => {
  const { exitCode, stdout, stderr } = await compareInto(
    'diverging',
    '--normalization none --optimizer sgd --rate 0.1,1e30 --seeds 2 --backend cpu',
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/1e\+30, seed 0: diverged \(Step 2 \(epoch 1\): the loss is NaN/);
  expect(stdout).toMatch(/1e\+30 +none +none +none +2 of 2\n/);
  expect(await read('diverging', 'report.html')).not.toMatch(/NaN|undefined|Infinity/);
});

describe('what is wrong is found before training', () => {
  it.each([
    ['--normalization none', '--seeds 1', 2, 'nothing differs'],
    ['--normalization none,bach', '', 2, 'Did you mean "batch"?'],
    ['--limit 1,two', '', 2, "compare: --limit is 'two'"],
    ['--seed 1,2', '--seeds 3', 2, 'not both'],
    ['--classes 5,3', '', 1, 'there are 3 classes'],
  ])('%s %s', async (first, second, exitCode, message) => {
    const result = await compareInto('unused', `${first} ${second}`.trim());
    expect(result).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(message) });
    expect(result.stderr).toMatch(/^nn-mnist: [^\n]*\n$/);
    expect(await readdir(root)).not.toContain('unused');
  });

  it('a folder that holds something else', async () => {
    expect(await compareInto('data', '--seeds 2')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('holds no comparison') });
  });

  it('a run with other settings under the same name', { timeout: 30_000 }, async () => {
    await compareInto('other', '--seeds 2 --limit 16');
    const result = await compareInto('other', '--seeds 2 --limit 24');
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('holds a run with --limit 16, not 24') });
  });

  it('a run that is damaged', async () => {
    await compareInto('damaged', '--seeds 2 --limit 16');
    await writeFile(join(root, 'damaged', 'seed-0', 'result.json'), '{');
    const result = await compareInto('damaged', '--seeds 2 --limit 16');
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('result.json is damaged') });
  });
});
