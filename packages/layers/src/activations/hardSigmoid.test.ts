// hardSigmoid: its points, with the two customary slopes.
import { expect, it } from 'vitest';
import { hardSigmoid } from './hardSigmoid.ts';
import { activationErrors } from '../testing/activationErrors.ts';

it.each([
  [{}, 1 / 6, 3],
  [{ slope: 0.25 }, 0.25, 2],
])('has the values and derivatives of its formula with %j', async (options, slope, edge) => {
  expect(
    await activationErrors(hardSigmoid, options, [
      [-Infinity, 0, 0],
      [-edge - 1, 0, 0],
      [-edge, 0, 0],
      [-1, 0.5 - slope, slope],
      [0, 0.5, slope],
      [0.5, 0.5 + 0.5 * slope, slope],
      [edge, 1, 0],
      [Infinity, 1, 0],
    ]),
  ).toEqual([]);
});

it('is that of ONNX with slope 0.2', async () => {
  expect(await activationErrors(hardSigmoid, { slope: 0.2, offset: 0.5 }, [[1, 0.7, 0.2]])).toEqual([]);
});

it('refuses a slope that does not rise', () => {
  expect(() => hardSigmoid({ slope: 0 })).toThrow(/slope is 0/);
  expect(() => hardSigmoid({ alpha: 0.2 } as never)).toThrow(/Its options are slope, offset/);
});
