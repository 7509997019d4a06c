// `nn-mnist predict`: the same bits in a new process, pictures and data, and runs that are damaged.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuBackend } from '@nn/backend-cpu';
import { decodeSafetensors, encodeSafetensors, full, loadMnistSplit } from '@nn/kit';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../settings/settings.ts';
import { defaultSettings } from '../settings/settings.ts';
import type { CommandResult } from '../testing/command.ts';
import { runCommand } from '../testing/command.ts';
import { classes, writeImageSet } from '../testing/imageSet.ts';
import { runProcess } from '../testing/process.ts';
import { createImageTrainer } from '../run/trainer.ts';

let root: string;
let data: string;
let run: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'nn-mnist-'));
  data = await writeImageSet(join(root, 'data'));
  run = join(root, 'run');
  const flags = [
    '--epochs',
    '2',
    '--seed',
    '3',
    '--dropout',
    '0.1',
    '--hidden',
    '12',
    '--batch',
    '8',
    '--classes',
    String(classes),
    '--rate',
    '0.01',
  ];
  await runCommand(['train', '--data', data, ...flags, '--out', run]);
});
afterAll(() => rm(root, { recursive: true }));

interface Answer {
  readonly prediction: number;
  readonly label?: number;
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
}

async function answer(...flags: readonly string[]): Promise<Answer> {
  const { stdout } = await runCommand(['predict', run, '--json', ...flags]);
  return JSON.parse(stdout) as Answer;
}

describe('a new process', () => {
  it('predicts what the one that trained predicted, to the last bit', async () => {
    const settings: Settings = { ...defaultSettings, epochs: 2, seed: 3, dropout: 0.1, hidden: [12], batch: 8, classes, rate: 0.01 };
    const [train, test] = await Promise.all(
      (['train', 'test'] as const).map((split) => loadMnistSplit(split, { layout: 'image', directory: data, classes })),
    );
    const backend = await cpuBackend();
    const trainer = await createImageTrainer(settings, train!, backend);
    await trainer.fit(train!, { epochs: 2, batchSize: 8 });
    const trained = await trainer.network.predict(test!.x.row(7));
    await backend.dispose();

    const { stdout } = await runProcess(['predict', run, '--index', '7', '--json']);
    const predicted = Float32Array.from((JSON.parse(stdout) as Answer).logits);
    expect(Buffer.from(predicted.buffer).equals(Buffer.from(trained.data.buffer, trained.data.byteOffset, trained.data.byteLength))).toBe(
      true,
    );
  });
});

describe('a test image', () => {
  it('is shown with the probabilities', async () => {
    const { exitCode, stdout } = await runCommand(['predict', run, '--index', '7']);
    expect(exitCode).toBe(0);
    // Image 7 is of class 2: its column 2 is bright in all four rows.
    expect(stdout).toContain('test image 7, which is a 2\n\n  █\n  █\n\n0  ');
    expect(stdout).toMatch(/The network says 2 \(\d+\.\d\d %\), which is right\.\n$/);
  });

  it('is gray on terminals', async () => {
    expect((await runCommand(['predict', run, '--index', '7'], { terminal: 80 })).stdout).toContain('\u001B[38;5;');
  });

  it('comes as data', async () => {
    const { prediction, label, logits, probabilities } = await answer('--index', '7');
    expect({ prediction, label }).toEqual({ prediction: 2, label: 2 });
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    expect(logits.indexOf(Math.max(...logits))).toBe(2);
  });

  it('may be judged by another backend, nearly the same', async () => {
    const [cpu, reference] = [await answer('--index', '4'), await answer('--index', '4', '--backend', 'reference')];
    reference.logits.forEach((value, index) => expect(value).toBeCloseTo(cpu.logits[index]!, 4));
  });
});

describe('a PNG', () => {
  async function writePng(name: string, invert: boolean): Promise<string> {
    const test = await loadMnistSplit('test', { layout: 'image', directory: data, classes, scale: 1 });
    const png = new PNG({ width: 5, height: 4 });
    png.data = Buffer.from([...test.x.row(7).data].flatMap((value) => [...new Array<number>(3).fill(invert ? 255 - value : value), 255]));
    const file = join(root, name);
    await writeFile(file, PNG.sync.write(png));
    return file;
  }

  it('of a test image has its bits', async () => {
    const image = await writePng('seven.png', false);
    expect((await answer('--image', image)).logits).toEqual((await answer('--index', '7')).logits);
  });

  it('with a light background is inverted, and it says so', async () => {
    const image = await writePng('light.png', true);
    expect((await answer('--image', image)).prediction).toBe(2);
    expect((await runCommand(['predict', run, '--image', image])).stdout).toContain(
      'light.png; light background, dark and light exchanged',
    );
  });

  it('that is none is refused', async () => {
    expect(await runCommand(['predict', run, '--image', join(data, 'train-labels-idx1-ubyte')])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('train-labels-idx1-ubyte is no PNG file'),
    });
    expect(await runCommand(['predict', run, '--image', join(root, 'none.png')])).toMatchObject({
      exitCode: 1,
      stderr: `nn-mnist: Cannot read ${join(root, 'none.png')}: no such file or directory (ENOENT).\n`,
    });
  });
});

describe('what is wrong', () => {
  const predictWith = (folder: string, index = '7'): Promise<CommandResult> => runCommand(['predict', folder, '--index', index]);

  it('is a run that is not there', async () => {
    expect(await predictWith(join(root, 'nowhere'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There is no run folder'),
    });
    expect(await predictWith(data)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${data} holds no config.json`) });
  });

  it('is a test image that does not exist', async () => {
    expect(await predictWith(run, '20')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the data set has 0 to 19') });
  });

  it.each<[string, (model: Buffer) => Uint8Array, string]>([
    ['cut off', (model) => model.subarray(0, 100), 'the file is cut off'],
    ['of another format', () => Buffer.from('PK\u0003\u0004 and so on and on'), 'model.safetensors: A safetensors header'],
    [
      'of another network',
      (model) => {
        const { tensors } = decodeSafetensors(model);
        tensors.delete('dense1/kernel');
        tensors.set('dense2/bias', full([4], 0));
        return encodeSafetensors(tensors.set('dense3/kernel', full([4, 4], 0)));
      },
      'does not fit the model:\n  "dense1/kernel" f32[20, 12] is missing\n  "dense2/bias" is f32[4], the model has f32[5]\n  "dense3/kernel" is not in the model',
    ],
  ])('is a network file %s', async (name, damage, message) => {
    const damaged = join(root, `damaged ${name}`);
    await cp(run, damaged, { recursive: true });
    const file = join(damaged, 'model.safetensors');
    await writeFile(file, damage(await readFile(file)));
    const { exitCode, stdout, stderr } = await predictWith(damaged);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(message);
  });
});
