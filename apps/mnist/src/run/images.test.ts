// Data sets that do not fit together.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageSize, loadImages } from './images.ts';
import { classes, writeImageSet } from '../testing/imageSet.ts';

const { signal } = new AbortController();

it('training and test images are of one size', async () => {
  const root = await mkdtemp(join(tmpdir(), 'nn-mnist-'));
  const data = await writeImageSet(join(root, 'small'));
  const { train, test } = await loadImages({ data, classes, limit: 7 }, signal);
  expect([train.size, test.size]).toEqual([7, 20]);
  expect(imageSize(train)).toEqual([4, 5]);
  const other = await writeImageSet(join(root, 'large'), { height: 6 });
  for (const name of ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']) await cp(join(other, name), join(data, name));
  await expect(loadImages({ data, classes, limit: null }, signal)).rejects.toThrow(
    'The training images are 4 × 5 pixels and the test images 6 × 5',
  );
  await rm(root, { recursive: true });
});
