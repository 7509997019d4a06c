// What can be typed, what it means, and what is said about everything else.
import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { UsageError } from './errors.ts';
import { defaultSettings, settingNames } from '../settings/settings.ts';
import { runCommand } from '../testing/command.ts';

const io = {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: new AbortController().signal,
  program: 'nn-mnist',
  colours: false,
};

const parse = (line: string): unknown => parseArguments(line.split(' '), io);

describe('train', () => {
  it('has a default for everything', () => {
    expect(parse('train')).toEqual({ command: 'train', settings: defaultSettings, out: undefined });
  });

  it('takes every setting as a flag', () => {
    expect(
      parse(
        'train --model cnn --hidden 30,20,10 --normalization layer --order post --activation elu --initializer lecunNormal --prepare lsuv --dropout .25 --l1 1e-5 --l2 1e-4 --augmentation shift+rotate --optimizer adamW' +
          ' --rate 3e-4 --schedule constant --batch 64 --epochs 2 --seed 7 --backend reference --swap cpu@1 --data ../fashion --classes 47 --limit 1000 --out runs/a',
      ),
    ).toEqual({
      command: 'train',
      settings: {
        model: 'cnn',
        hidden: [30, 20, 10],
        normalization: 'layer',
        order: 'post',
        activation: 'elu',
        initializer: 'lecunNormal',
        prepare: 'lsuv',
        dropout: 0.25,
        l1: 1e-5,
        l2: 1e-4,
        augmentation: ['shift', 'rotate'],
        optimizer: 'adamW',
        rate: 3e-4,
        schedule: 'constant',
        batch: 64,
        epochs: 2,
        seed: 7,
        backend: 'reference',
        swap: [{ backend: 'cpu', epoch: 1 }],
        data: '../fashion',
        classes: 47,
        limit: 1000,
      },
      out: 'runs/a',
    });
  });

  it('takes its flags after the separator of package scripts too', () => {
    expect(parse('train -- --epochs 1')).toEqual(parse('train --epochs 1'));
  });

  it('may have no hidden layer', () => {
    expect(parse('train --hidden none')).toMatchObject({ settings: { hidden: [] } });
  });

  it('takes the short names of initializers', () => {
    expect(parse('train --init he')).toMatchObject({ settings: { initializer: 'heNormal' } });
    expect(parse('train --initializer glorotUniform')).toMatchObject({ settings: { initializer: 'glorotUniform' } });
  });

  it('takes several swaps, between commas or one by one', () => {
    const settings = {
      swap: [
        { backend: 'reference', epoch: 1 },
        { backend: 'cpu', epoch: 2 },
      ],
    };
    expect(parse('train --swap reference@1 --swap cpu@2')).toMatchObject({ settings });
    expect(parse('train --swap reference@1,cpu@2')).toMatchObject({ settings });
  });

  it.each([
    ['--epoch 3', "Unknown option '--epoch' (Did you mean --epochs?)"],
    ['--batch abc', "train: --batch is 'abc'; it is an integer of at least 1."],
    ['--batch 12px', "--batch is '12px'"],
    ['--batch 0x10', "--batch is '0x10'"],
    ['--batch 1.5', '--batch is 1.5'],
    ['--batch 0', '--batch is 0'],
    ['--epochs -1', '--epochs is -1'],
    ['--seed 4294967296', '--seed is 4294967296'],
    ['--rate NaN', "--rate is 'NaN'"],
    ['--rate -0.1', '--rate is -0.1'],
    ['--dropout 1.1', '--dropout is 1.1'],
    ['--hidden 256,,128', "--hidden is ''"],
    ['--hidden 256,x', "--hidden is 'x'"],
    ['--activation rellu', 'Did you mean "relu"?'],
    ['--normalization bach', 'Did you mean "batch"?'],
    ['--backend cpi', 'Did you mean "cpu"?'],
    ['--augmentation shift+turn', "--augmentation is 'turn'; it is 'shift' or 'rotate'"],
    ['--swap reference', "--swap is 'reference'; it is a backend and the epoch after which it goes on: reference@1."],
    ['--swap refrence@1', 'Did you mean "reference"?'],
    ['--swap cpu@0', '--swap after epoch is 0'],
    ['--batch', "Option '--batch <count>' argument missing."],
    ['digits', "Too many arguments for 'train'. Expected 0 arguments but got 1."],
  ])('refuses %s', (flags, message) => {
    expect(() => parse(`train ${flags}`)).toThrow(UsageError);
    expect(() => parse(`train ${flags}`)).toThrow(message);
  });
});

describe('compare', () => {
  it('takes several values of every setting, between commas or one by one', () => {
    expect(
      parse(
        'compare --normalization none,batch --init he,glorot --init he --hidden 256,128 --hidden none --augmentation none,shift+zoom --seeds 5 --out a',
      ),
    ).toMatchObject({
      command: 'compare',
      lists: {
        normalization: ['none', 'batch'],
        initializer: ['heNormal', 'glorotNormal'],
        hidden: [[256, 128], []],
        augmentation: [[], ['shift', 'zoom']],
        epochs: [3],
        swap: [[]],
        rate: [null],
      },
      seeds: 5,
      out: 'a',
    });
  });

  it.each([
    ['--normalization none,bach', 'Did you mean "batch"?'],
    ['--rate 0.1,fast', "compare: --rate is 'fast'"],
    ['--seeds 0', '--seeds is 0'],
    ['--normalisation batch', "Unknown option '--normalisation' (Did you mean --normalization?)"],
  ])('refuses %s', (flags, message) => {
    expect(() => parse(`compare ${flags}`)).toThrow(UsageError);
    expect(() => parse(`compare ${flags}`)).toThrow(message);
  });
});

describe('predict', () => {
  it('takes a test image or a file', () => {
    const request = { command: 'predict', run: 'runs/a', data: undefined, backend: undefined, json: false };
    expect(parse('predict runs/a --index 7')).toEqual({ ...request, image: { testImage: 7 } });
    expect(parse('predict runs/a --image 5.png --json --data d --backend cpu')).toEqual({
      ...request,
      image: { file: '5.png' },
      data: 'd',
      backend: 'cpu',
      json: true,
    });
  });

  it.each([
    ['', "Missing required argument 'run'."],
    [' runs/a', 'which image? Give --index 7'],
    [' runs/a --index 1 --image a.png', "'--index <number>' cannot be used with option '--image <file>'"],
    [' runs/a --index one', "predict: --index is 'one'"],
  ])('refuses "predict%s"', (rest, message) => {
    expect(() => parse(`predict${rest}`)).toThrow(message);
  });
});

describe('the program', () => {
  it('explains itself', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('nn-mnist train --help');
    const help = (await runCommand(['train', '--help'])).stdout;
    for (const name of [...settingNames, 'out']) expect(help).toContain(`--${name} <`);
    expect(help).toContain('default: 256,128');
    expect((await runCommand(['predict', '--help'])).stdout).toContain('--image five.png');
    const compareHelp = (await runCommand(['compare', '--help'])).stdout;
    for (const name of [...settingNames, 'seeds', 'out']) expect(compareHelp).toContain(`--${name} <`);
  });

  it('has a version', async () => {
    expect(await runCommand(['--version'])).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  });

  it.each([
    [['trian'], "nn-mnist: Unknown command 'trian' (Did you mean train?) See nn-mnist --help\n"],
    [['train', '--epoch', '3'], "nn-mnist: Unknown option '--epoch' (Did you mean --epochs?) See nn-mnist train --help\n"],
  ])('says in one line what is wrong with %j', async (argv, stderr) => {
    expect(await runCommand(argv)).toEqual({ exitCode: 2, stdout: '', stderr });
  });

  it('shows its help when nothing is asked of it', async () => {
    const { exitCode, stderr } = await runCommand([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Usage: nn-mnist');
    expect(stderr).toContain('Which command? train, compare or predict.');
  });
});
