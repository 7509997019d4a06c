// Malformed IDX and safetensors files get exactly the verdict that is stated for them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors, isNnError } from '@nn/core';
import { checkLabels, readIdx } from '@nn/data';
import { describe, expect, it } from 'vitest';
import { packageVectors } from './node/files.ts';

interface BadFile {
  readonly id: string;
  readonly format: 'safetensors' | 'idx' | 'idx.gz';
  readonly kind?: 'images' | 'labels';
  readonly base64: string;
  readonly expect: 'ok' | 'error' | 'ok-or-error';
}

const { cases } = JSON.parse(readFileSync(join(packageVectors, 'badfiles.json'), 'utf8')) as { cases: readonly BadFile[] };
const bytesOf = ({ base64 }: BadFile): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const fileNamed = (id: string): Uint8Array => bytesOf(cases.find((file) => file.id === id)!);

/** Reads a file as the toolkit does: labels are checked to be labels of ten classes. */
async function read(file: BadFile): Promise<unknown> {
  if (file.format === 'safetensors') return decodeSafetensors(bytesOf(file));
  const array = await readIdx(bytesOf(file), { name: file.id });
  return file.kind === 'labels' ? checkLabels(array, 10) : array;
}

/** `ok`, `error` for a typed error, or what came in place of one. */
async function verdictOn(file: BadFile): Promise<unknown> {
  try {
    await read(file);
    return 'ok';
  } catch (error) {
    return isNnError(error) ? 'error' : error;
  }
}

describe('the verdict on', () => {
  it.for(cases)('$id is $expect', async (file) => {
    const allowed = file.expect === 'ok-or-error' ? ['ok', 'error'] : [file.expect];
    expect(allowed).toContain(await verdictOn(file));
  });
});

it('is right about what is in the good ones', async () => {
  const { tensors } = decodeSafetensors(fileNamed('safetensors/valid-one-tensor'));
  expect([...tensors.values()].map((array) => array.toArray())).toEqual([
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  const images = await readIdx(fileNamed('idx/valid-images-gz'));
  expect(images).toEqual(await readIdx(fileNamed('idx/valid-images')));
  expect([images.shape, [...images.data]]).toEqual([
    [2, 3, 2],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  ]);
});
