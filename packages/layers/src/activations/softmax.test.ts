// softmax: probabilities along an axis, large scores, gradients, and what it refuses.
import { ConfigError, ShapeError, build, describe as describeModel, run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { softmax } from './softmax.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

describe('softmax', () => {
  it('gives probabilities along the last axis, whatever the size of the scores', async () => {
    const { y } = await applyLayer(softmax(), array([0, Math.log(3), 1000, 1000, -1e4, 0], [3, 2]));
    const rows = y.toArray() as number[][];
    for (const [row, expected] of [
      [0, [0.25, 0.75]],
      [1, [0.5, 0.5]],
      [2, [0, 1]],
    ] as const) {
      expected.forEach((value, index) => expect(rows[row]![index]).toBeCloseTo(value, 14));
    }
  });

  it('takes another axis, as a layer and as a function', async () => {
    const x = array([0, 0, Math.log(3), Math.log(4)], [2, 2]);
    const asLayer = (await applyLayer(softmax({ axis: 1 }), array([...x.data], [1, 2, 2]))).y;
    const asFunction = await run(referenceBackend(), (tensor) => softmax(tensor, { axis: 0 }), x);
    for (const result of [asLayer, asFunction]) {
      [0.25, 0.2, 0.75, 0.8].forEach((value, index) => expect(result.data[index]).toBeCloseTo(value, 14));
    }
  });

  it('has the right gradients', async () => {
    expect(await gradientError(softmax(), array(irregular(12), [3, 4]))).toBeLessThan(1e-6);
  });

  it('is rebuilt from its description', () => {
    const description = describeModel(softmax({ axis: -2 }));
    expect(description).toEqual({ kind: 'softmax', options: { axis: -2 } });
    expect(build(description, { softmax }).options).toEqual({ axis: -2 });
  });

  it('refuses an axis that is none', () => {
    expect(() => softmax({ axis: 0.5 })).toThrow(ConfigError);
    expect(() => declare(softmax({ axis: 2 }), [1, 2])).toThrow(ShapeError);
  });
});
