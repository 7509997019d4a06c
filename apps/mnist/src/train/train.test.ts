// `nn-mnist train` on a small data set: the run folder, the same bits every time, Ctrl-C, and everything that can be wrong beforehand.
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interruption } from '../commandLine/errors.ts';
import { defaultSettings } from '../settings/settings.ts';
import type { CommandOptions, CommandResult } from '../testing/command.ts';
import { runCommand } from '../testing/command.ts';
import { classes, writeImageSet } from '../testing/imageSet.ts';

let root: string;
let data: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'nn-mnist-'));
  data = await writeImageSet(join(root, 'data'));
});
afterAll(() => rm(root, { recursive: true }));

const small = ['--hidden', '12,8', '--batch', '8', '--classes', String(classes)];

async function trainInto(out: string, flags: readonly string[] = [], options: CommandOptions = {}): Promise<CommandResult> {
  return runCommand(['train', '--data', data, ...small, '--out', join(root, out), ...flags], options);
}

async function jsonOf(run: string, file = 'result.json'): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(root, run, file), 'utf8')) as Record<string, unknown>;
}

describe('a run', () => {
  it('leaves its settings, figures, network and result', async () => {
    const { exitCode, stdout, stderr } = await trainInto('whole', ['--epochs', '10', '--seed', '5', '--rate', '0.02']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(await readdir(join(root, 'whole'))).toEqual(['config.json', 'metrics.jsonl', 'model.safetensors', 'result.json']);

    expect(await jsonOf('whole', 'config.json')).toEqual({
      ...defaultSettings,
      version: 1,
      hidden: [12, 8],
      batch: 8,
      epochs: 10,
      seed: 5,
      rate: 0.02,
      data,
      classes,
      image: [4, 5],
    });
    const result = await jsonOf('whole');
    expect(Object.keys(result)).toEqual(['testAccuracy', 'testLoss', 'seconds', 'samplesPerSecond', 'backend', 'seed', 'epochs']);
    expect(result).toMatchObject({ testAccuracy: 1, backend: 'cpu', seed: 5, epochs: 10 });

    const rows = (await readFile(join(root, 'whole', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    const types = rows.map((row) => (JSON.parse(row) as { type: string }).type);
    expect(types.filter((type) => type === 'step')).toHaveLength(10 * 8);
    expect(types.filter((type) => type === 'epoch')).toHaveLength(10);
    expect(JSON.parse(rows.at(-1) ?? '')).toMatchObject({ validationAccuracy: 1, validationLoss: result['testLoss'] });

    expect(stdout).toContain('60 training and 20 test images of 4 × 5');
    expect(stdout).toContain('20-12-8-5, batch normalization, relu');
    expect(stdout).toContain('test accuracy  100.00 %');
    expect(stdout).toContain(`nn-mnist predict ${join(root, 'whole')} --index 7`);
    expect(stdout).not.toContain('\u001B');
  });

  it('has the same bits every time, and others with another seed', async () => {
    for (const [out, seed] of [
      ['once', '7'],
      ['twice', '7'],
      ['other', '8'],
    ] as const) {
      await trainInto(out, ['--epochs', '1', '--seed', seed, '--dropout', '0.2']);
    }
    const [once, twice, other] = await Promise.all(['once', 'twice', 'other'].map((run) => jsonOf(run)));
    expect(twice!['testLoss']).toBe(once!['testLoss']);
    expect(other!['testLoss']).not.toBe(once!['testLoss']);
    const model = (run: string): Promise<Buffer> => readFile(join(root, run, 'model.safetensors'));
    expect((await model('twice')).equals(await model('once'))).toBe(true);
  });

  it('can use another backend, and fewer images', async () => {
    const { exitCode, stdout } = await trainInto('reference', ['--epochs', '1', '--backend', 'reference', '--limit', '21']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('21 training and 20 test images');
    expect(await jsonOf('reference')).toMatchObject({ backend: 'reference' });
  });

  it('goes on with another backend after an epoch', async () => {
    const { exitCode, stdout } = await trainInto('swapped', ['--epochs', '3', '--swap', 'reference@1', '--swap', 'cpu@2']);
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n').filter((line) => /^(epoch|moved)/.test(line));
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'epoch 1',
      'moved from cpu to reference',
      'epoch 2',
      'moved from reference to cpu',
      'epoch 3',
    ]);
    const log = await readFile(join(root, 'swapped', 'metrics.jsonl'), 'utf8');
    expect(log).toContain('{"type":"moved","from":"cpu","to":"reference"}\n');
    await trainInto('unswapped', ['--epochs', '3']);
    const [swapped, unswapped] = [await jsonOf('swapped'), await jsonOf('unswapped')];
    expect(swapped['testLoss']).toBeCloseTo(unswapped['testLoss'] as number, 4);
  });

  it('can be one with convolutions', async () => {
    const { exitCode, stdout } = await trainInto('cnn', ['--model', 'cnn', '--hidden', '8', '--epochs', '1', '--l2', '0.001']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('network  2 convolutions-8-5, batch normalization, relu');
    expect((await runCommand(['predict', join(root, 'cnn'), '--index', '0'])).exitCode).toBe(0);
  });

  it.each(['lsuv', 'scaling'])('can begin with kernels that %s has scaled', async (prepare) => {
    const { exitCode, stdout } = await trainInto(`prepared by ${prepare}`, [
      '--epochs',
      '1',
      '--normalization',
      'weight',
      '--prepare',
      prepare,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nprepared by \w+ with 8 samples/);
  });

  it('can change the training images in every epoch, and judges as before', async () => {
    const { exitCode, stdout } = await trainInto('augmented', ['--epochs', '1', '--augmentation', 'shift+noise', '--l2', '0']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('batches of 8, seed 0, shift+noise\n');
    await trainInto('not augmented', ['--epochs', '1']);
    const [augmented, plain] = [await jsonOf('augmented'), await jsonOf('not augmented')];
    expect(augmented['testLoss']).not.toBe(plain['testLoss']);
  });

  it('draws on terminals', async () => {
    const { stdout } = await trainInto('terminal', ['--epochs', '2'], { terminal: 80 });
    const written = stdout.split('\u001B').map((part) => part.replace(/^\[[0-9;?]*[A-Za-z]/, ''));
    const bars = written.filter((part) => part.startsWith('epoch 1/2 '));
    expect(bars.at(-1)).toMatch(/^epoch 1\/2 █+░* loss \d\.\d{3} {2}accuracy \d+\.\d % {2}[\d,]+ samples\/s {2}\d+:\d\d left$/);
    expect(bars.at(-1)!.length).toBeLessThan(80);
    expect(stdout).toContain('training loss over 16 steps');
    expect(stdout).toContain('test accuracy');
  });
});

describe('Ctrl-C', () => {
  it('keeps what was learnt until then', async () => {
    const stop = new AbortController();
    const { exitCode, stdout, stderr } = await trainInto('stopped', ['--epochs', '1000'], {
      signal: stop.signal,
      onOutput: (text) => {
        if (text.startsWith('epoch 2:')) stop.abort(new Interruption('SIGINT'));
      },
    });
    expect(exitCode).toBe(130);
    expect(stderr).toBe('nn-mnist: Stopped by SIGINT.\n');
    expect(stdout).toContain('stopped: aborted');
    expect(await jsonOf('stopped')).toMatchObject({ epochs: 2, testAccuracy: expect.any(Number) });
    expect((await runCommand(['predict', join(root, 'stopped'), '--index', '0'])).exitCode).toBe(0);
  });

  it('within the first epoch keeps the steps that were done', async () => {
    const stop = new AbortController();
    const { exitCode } = await trainInto('early', ['--epochs', '1000'], {
      signal: stop.signal,
      terminal: 80,
      onOutput: (text) => {
        if (text.includes('epoch 1/1000')) stop.abort(new Interruption('SIGINT'));
      },
    });
    expect(exitCode).toBe(130);
    expect(await jsonOf('early')).toMatchObject({ epochs: 0, samplesPerSecond: expect.any(Number) });
    expect((await runCommand(['predict', join(root, 'early'), '--index', '0'])).exitCode).toBe(0);
  });

  it('before the first step leaves nothing', async () => {
    const { exitCode, stdout } = await trainInto('nothing', [], { signal: AbortSignal.abort(new Interruption('SIGTERM')) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 143, stdout: '' });
    expect(await readdir(root)).not.toContain('nothing');
  });
});

describe('what is wrong is found before training', () => {
  const neverTrained = (result: CommandResult): void => expect(result.stdout).toBe('');

  it('a folder that holds a run, which stays as it is', async () => {
    await mkdir(join(root, 'kept'));
    await writeFile(join(root, 'kept', 'config.json'), 'mine');
    const result = await trainInto('kept');
    neverTrained(result);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('kept holds a run already, which would be overwritten') });
    expect(await readFile(join(root, 'kept', 'config.json'), 'utf8')).toBe('mine');
  });

  it('a folder that holds something else', async () => {
    const result = await trainInto('data');
    neverTrained(result);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is not empty (t10k-images-idx3-ubyte, ') });
  });

  it('a folder that cannot be made', async () => {
    await writeFile(join(root, 'file'), '');
    const result = await trainInto('file/run');
    neverTrained(result);
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^nn-mnist: Cannot make the run folder .*\(ENOTDIR\)\.\n$/),
    });
  });

  it.each<[string, (folder: string) => Promise<void>, string]>([
    ['a missing folder', (folder) => rm(folder, { recursive: true }), 'does not exist'],
    ['a missing file', (folder) => rm(join(folder, 't10k-labels-idx1-ubyte')), 'has no file t10k-labels-idx1-ubyte'],
    ['a truncated file', (folder) => truncate(join(folder, 'train-images-idx3-ubyte'), 100), 'it is cut off'],
    ['a foreign file', (folder) => writeFile(join(folder, 'train-images-idx3-ubyte'), '<html>'), 'is no IDX file'],
  ])('%s of images', async (name, damage, message) => {
    const folder = await writeImageSet(join(root, `damaged ${name}`));
    await damage(folder);
    const result = await runCommand(['train', '--data', folder, ...small, '--out', join(root, 'unused')]);
    neverTrained(result);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/^nn-mnist: [^\n]*\n$/);
    expect(result.stderr).toContain(message);
    expect(await readdir(root)).not.toContain('unused');
  });

  it.each([
    ['reference@2', 'nothing is trained after epoch 2 of 2, where "reference" would go on'],
    ['reference@1,cpu@1', 'several backends would go on after epoch 1'],
  ])('--swap %s', async (swap, message) => {
    const result = await trainInto('unused', ['--epochs', '2', '--swap', swap]);
    neverTrained(result);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });

  it('a normalization that the network has nothing for', async () => {
    const result = await trainInto('unused', ['--normalization', 'instance']);
    neverTrained(result);
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Take --model cnn, or --normalization layer.') });
  });

  it('labels beyond the classes', async () => {
    const result = await trainInto('unused', ['--classes', '3']);
    neverTrained(result);
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there are 3 classes') });
  });
});

it('a network that diverges is an error, and the epochs before are kept', async () => {
  const { exitCode, stderr } = await trainInto('diverged', [
    '--optimizer',
    'sgd',
    '--rate',
    '1e30',
    '--normalization',
    'none',
    '--epochs',
    '2',
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^nn-mnist: Step 2 \(epoch 1\): the loss is NaN/);
  expect(await readdir(join(root, 'diverged'))).toEqual(expect.arrayContaining(['config.json', 'metrics.jsonl']));
});
