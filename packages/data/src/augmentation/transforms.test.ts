// What each image transform does to pictures that can be worked out by hand.
import { NdArray, ndarray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AugmentOptions } from './augment.ts';
import { augment } from './augment.ts';
import { cutout } from './cutout.ts';
import { elastic } from './elastic.ts';
import { flip } from './flip.ts';
import { pixelNoise } from './pixelNoise.ts';
import { rotate } from './rotate.ts';
import { shift } from './shift.ts';
import type { ImageTransform } from './transform.ts';
import { zoom } from './zoom.ts';

const size = 9;
/** A gray picture that is the same nowhere. */
const picture = new NdArray(
  Float32Array.from({ length: size * size }, (_, index) => 1 + index),
  [1, size, size, 1],
  'f32',
);
const pixel = (image: NdArray, x: number, y: number): number => (x < 0 || y < 0 || x >= size || y >= size ? 0 : image.data[y * size + x]!);

const variations = (transform: ImageTransform, count = 60, image = picture, options: AugmentOptions = {}): NdArray[] =>
  Array.from({ length: count }, (_, sample) => augment([transform], options).apply(image, { seed: 1, epoch: 0, samples: [sample] }));

describe('shift', () => {
  it('moves by whole pixels, exactly, in all directions within its limit', () => {
    const found = new Set<string>();
    for (const moved of variations(shift({ pixels: 2 }), 300)) {
      const middle = moved.data[4 * size + 4]! - 1;
      const [right, down] = [4 - (middle % size), 4 - Math.floor(middle / size)];
      found.add(`${right} ${down}`);
      for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) expect(pixel(moved, x, y)).toBe(pixel(picture, x - right, y - down));
    }
    expect(found.size).toBe(25);
  });

  it('by 0 keeps the bits', () => {
    for (const same of variations(shift({ pixels: 0 }), 3)) expect(same.data).toEqual(picture.data);
  });
});

describe('rotate', () => {
  it('keeps the middle, and the whole picture by 0 degrees', () => {
    for (const turned of variations(rotate({ degrees: 180 }), 20)) expect(pixel(turned, 4, 4)).toBeCloseTo(pixel(picture, 4, 4), 4);
    for (const same of variations(rotate({ degrees: 0 }), 3)) expect(same.data).toEqual(picture.data);
  });

  it('turns to both sides by at most its angle, whose sine the pixels show', () => {
    // A plane that rises to the right rises, turned by φ, by cos φ to the right and by ± sin φ downward.
    const ramp = new NdArray(
      Float32Array.from({ length: size * size }, (_, index) => index % size),
      [1, size, size],
      'f32',
    );
    const slopes = variations(rotate({ degrees: 30 }), 200, ramp).map((turned) => pixel(turned, 4, 5) - pixel(turned, 4, 4));
    expect(Math.min(...slopes)).toBeLessThan(-0.45);
    expect(Math.max(...slopes)).toBeGreaterThan(0.45);
    for (const slope of slopes) expect(Math.abs(slope)).toBeLessThanOrEqual(0.5 + 1e-5);
  });
});

describe('zoom', () => {
  it('enlarges around the middle by a factor within its range', () => {
    const rises = variations(zoom({ range: [2, 2] }), 3).map((zoomed) => pixel(zoomed, 5, 4) - pixel(zoomed, 4, 4));
    expect(rises).toEqual([0.5, 0.5, 0.5]);
    const drawn = variations(zoom({ range: [0.5, 2] }), 100).map((zoomed) => pixel(zoomed, 5, 4) - pixel(zoomed, 4, 4));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(2);
    expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(1);
  });

  it('fills what comes from outside', () => {
    const [small] = variations(zoom({ range: [0.25, 0.25] }), 1, picture, { fill: -7 });
    expect(pixel(small!, 0, 0)).toBe(-7);
    expect(pixel(small!, 4, 4)).toBe(pixel(picture, 4, 4));
  });
});

describe('flip', () => {
  it('mirrors exactly, as often as its rate says', () => {
    const mirrored = variations(flip(), 400).filter((image) => pixel(image, 0, 0) === pixel(picture, 8, 0));
    expect(mirrored.length).toBeGreaterThan(150);
    expect(mirrored.length).toBeLessThan(250);
    const [upside] = variations(flip({ direction: 'vertical', rate: 1 }), 1);
    for (let y = 0; y < size; y++) expect(pixel(upside!, 3, y)).toBe(pixel(picture, 3, 8 - y));
  });
});

describe('pixelNoise', () => {
  it('has mean 0 and its deviation, and other numbers for every pixel', () => {
    const noise = variations(pixelNoise({ deviation: 0.5 }), 100).flatMap(({ data }) =>
      [...data].map((value, index) => value - picture.data[index]!),
    );
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
    expect(new Set(noise).size).toBeGreaterThan(noise.length * 0.9);
  });

  it('stays within limits', () => {
    for (const { data } of variations(pixelNoise({ deviation: 100, limits: [0, 1] }), 5)) {
      expect(Math.min(...data)).toBe(0);
      expect(Math.max(...data)).toBe(1);
    }
  });
});

describe('cutout', () => {
  it('covers one square whose middle is anywhere', () => {
    const covered = variations(cutout({ size: 3 }), 400).map(({ data }) => data.filter((value) => value === 0).length);
    expect(Math.max(...covered)).toBe(9);
    expect(Math.min(...covered)).toBe(4);
    const [whole] = variations(cutout({ size: 2 * size, value: 0.5 }), 1);
    expect([...whole!.data]).toEqual(Array.from({ length: size * size }, () => 0.5));
  });
});

describe('elastic', () => {
  it('bends: neighbours move alike, and no displacement is no change', () => {
    for (const same of variations(elastic({ alpha: 0 }), 2)) expect(same.data).toEqual(picture.data);
    const ramp = new NdArray(
      Float32Array.from({ length: size * size }, (_, index) => index % size),
      [1, size, size],
      'f32',
    );
    const displacements = variations(elastic({ alpha: 8, sigma: 3 }), 40, ramp).map((bent) => [3, 4, 5].map((x) => pixel(bent, x, 4) - x));
    const steps = displacements.map(([a, , c]) => Math.abs(a! - c!));
    const sizes = displacements.map(([, b]) => Math.abs(b!));
    expect(Math.max(...sizes)).toBeGreaterThan(0.3);
    expect(steps.reduce((sum, step) => sum + step, 0)).toBeLessThan(sizes.reduce((sum, step) => sum + step, 0));
  });
});

describe('augment', () => {
  const all = [shift(), rotate(), zoom(), flip(), elastic(), pixelNoise(), cutout()];

  it('gives a sample the same pixels in any batch, and others in another epoch, for another seed or sample', () => {
    const augmentation = augment(all);
    const rows = (count: number): NdArray =>
      new NdArray(
        Float32Array.from({ length: count * size * size }, (_, index) => picture.data[index % (size * size)]!),
        [count, size, size],
        'f32',
      );
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 2 ** 31 }), { minLength: 1, maxLength: 4 }), fc.nat({ max: 99 }), (samples, epoch) => {
        const together = augmentation.apply(rows(samples.length), { seed: 4, epoch, samples });
        samples.forEach((sample, row) => {
          const alone = augmentation.apply(rows(1), { seed: 4, epoch, samples: [sample] });
          expect(together.row(row).data).toEqual(alone.row(0).data);
          const others = [
            { seed: 5, epoch, samples: [sample] },
            { seed: 4, epoch: epoch + 1, samples: [sample] },
            { seed: 4, epoch, samples: [sample + 1] },
          ];
          for (const other of others) expect(augmentation.apply(rows(1), other).data).not.toEqual(alone.data);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('always has the same bits', () => {
    const { data } = augment(all).apply(picture, { seed: 3, epoch: 2, samples: [7] });
    const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
    expect(bits.reduce((hash, word) => Math.imul(hash ^ word, 0x01000193) >>> 0, 0x811c9dc5)).toBe(1246394325);
  });

  it('moves and turns in one resampling, so that opposite moves undo each other', () => {
    const back: ImageTransform = { kind: 'back', options: {}, place: () => ({ a: 1, b: 0, c: 20.25, d: 0, e: 1, f: 0 }) };
    const forth: ImageTransform = { kind: 'forth', options: {}, place: () => ({ a: 1, b: 0, c: -20.25, d: 0, e: 1, f: 0 }) };
    expect(augment([back, forth]).apply(picture, { seed: 0, epoch: 0, samples: [0] }).data).toEqual(picture.data);
  });

  it('takes images with channels, without, and flat ones whose shape is given', () => {
    const at = { seed: 1, epoch: 0, samples: [5] };
    const gray = augment([rotate()]).apply(picture.reshape([1, size, size]), at);
    expect(gray.shape).toEqual([1, size, size]);
    expect(augment([rotate()], { shape: [size, size] }).apply(picture.reshape([1, size * size]), at).data).toEqual(gray.data);
    const color = new NdArray(
      Float32Array.from({ length: 3 * size * size }, (_, index) => picture.data[Math.floor(index / 3)]!),
      [1, size, size, 3],
      'f32',
    );
    const turned = augment([rotate()]).apply(color, at);
    expect(turned.data.filter((_, index) => index % 3 === 2)).toEqual(gray.data);
  });

  it('leaves what it is given as it is', () => {
    const before = picture.data.slice();
    augment(all).apply(picture, { seed: 1, epoch: 0, samples: [0] });
    expect(picture.data).toEqual(before);
  });

  it('refuses samples that are no images, bytes, and what is no list of transforms', () => {
    const at = { seed: 1, epoch: 0, samples: [0] };
    expect(() => augment([shift()]).apply(picture.reshape([1, 81]), at)).toThrow('augment([…], { shape: [28, 28] })');
    expect(() => augment([shift()], { shape: [5, 5] }).apply(picture, at)).toThrow('which holds no image [5, 5]');
    expect(() => augment([shift()]).apply(ndarray(new Uint8Array(4), { shape: [1, 2, 2] }), at)).toThrow('Scale bytes');
    expect(() => augment(shift() as never)).toThrow('a list of transforms');
    expect(() => augment([shift as never])).toThrow('Call the factory: shift().');
    expect(() => augment([{} as never])).toThrow('neither a method place nor paint');
  });
});

it.each([
  () => shift({ pixels: -1 }),
  () => shift({ pixels: 0.5 }),
  () => rotate({ degrees: 181 }),
  () => zoom({ range: [0, 1] }),
  () => zoom({ range: [2, 1] }),
  () => zoom({ range: 2 as never }),
  () => zoom({ range: null as never }),
  () => zoom({ range: [1] as never }),
  () => flip({ rate: 2 }),
  () => flip({ direction: 'diagonal' as never }),
  () => pixelNoise({ deviation: -1 }),
  () => pixelNoise({ limits: [1, 0] }),
  () => pixelNoise({ limits: 1 as never }),
  () => pixelNoise({ limits: null as never }),
  () => pixelNoise({ limits: [0, Number.NaN] }),
  () => cutout({ size: 0 }),
  () => cutout({ value: NaN }),
  () => elastic({ sigma: 0 }),
  () => elastic({ alpha: NaN }),
  () => augment([], { fill: Infinity }),
])('refuses %s', (make) => {
  expect(make).toThrow(expect.objectContaining({ name: 'ConfigError' }));
});
