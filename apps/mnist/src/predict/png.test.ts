// PNG files of every kind, and files that are none.
import { FormatError } from '@nn/kit';
import { PNG } from 'pngjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPng } from './png.ts';

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** A row of pixels as a PNG. */
function pngOf(colours: readonly Colour[], options: { colorType?: 0 | 2 | 4 | 6; bitDepth?: 8 | 16 } = {}): Uint8Array {
  const png = new PNG({ width: colours.length, height: 1 });
  png.data = Buffer.from(colours.flat());
  // A copy: slices of a Buffer share its memory.
  return Uint8Array.from(PNG.sync.write(png, options));
}

const gray = (value: number): Colour => [value, value, value, 255];
const pixelsOf = (bytes: Uint8Array): number[] => [...(readPng(bytes, 'a.png').pixels as Float64Array)];

describe('brightness', () => {
  it('of grays is exact', () => {
    const values = Array.from({ length: 256 }, (_, value) => value);
    for (const colorType of [0, 2, 4, 6] as const) {
      expect(pixelsOf(pngOf(values.map(gray), { colorType }))).toEqual(values.map((value) => value / 255));
    }
  });

  it('of colours is what eyes see', () => {
    const [red, green, blue] = pixelsOf(
      pngOf([
        [255, 0, 0, 255],
        [0, 255, 0, 255],
        [0, 0, 255, 255],
      ]),
    );
    expect(red).toBeCloseTo(0.299, 12);
    expect(green).toBeCloseTo(0.587, 12);
    expect(blue).toBeCloseTo(0.114, 12);
  });

  it('of transparent parts is the opposite of the drawing', () => {
    expect(
      pixelsOf(
        pngOf([
          [0, 0, 0, 0],
          [0, 0, 0, 255],
          [0, 0, 0, 51],
        ]),
      ),
    ).toEqual([1, 0, 0.8]);
    expect(
      pixelsOf(
        pngOf([
          [0, 0, 0, 0],
          [255, 255, 255, 255],
        ]),
      ),
    ).toEqual([0, 1]);
  });
});

describe('what is no PNG', () => {
  const whole = pngOf([gray(0), gray(255)]);

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'a.png is no PNG file'],
    ['a photograph', Uint8Array.of(0xff, 0xd8, 0xff), 'a.png is no PNG file'],
    ['a file cut in its header', whole.subarray(0, 20), 'ends within the header'],
    ['a file cut in its data', whole.subarray(0, -20), 'a.png is a damaged PNG file'],
    ['an image of 2^32 pixels', withSize(whole, 65_536, 65_536), 'announces 65536 × 65536 pixels'],
    ['an image without pixels', withSize(whole, 0, 5), 'has no pixels (0 × 5)'],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => readPng(bytes, 'a.png')).toThrow(FormatError);
    expect(() => readPng(bytes, 'a.png')).toThrow(message);
  });

  it('gives a picture or a FormatError, whatever is damaged', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const damaged = whole.slice(0, length);
        if (at < length) damaged[at] = byte;
        try {
          expect(readPng(damaged, 'a.png').pixels.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function withSize(png: Uint8Array, width: number, height: number): Uint8Array {
  const changed = png.slice();
  const view = new DataView(changed.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return changed;
}
