// logSoftmax: log-probabilities along an axis, large scores, gradients, and what it refuses.
import { ConfigError, ShapeError, build, describe as describeModel, run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { logSoftmax } from './logSoftmax.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

describe('logSoftmax', () => {
  it('gives log-probabilities along the last axis, whatever the size of the scores', async () => {
    const { y } = await applyLayer(logSoftmax(), array([0, Math.log(3), 1000, 1000, -1e4, 0], [3, 2]));
    const expected = [Math.log(0.25), Math.log(0.75), -Math.LN2, -Math.LN2, -1e4, 0];
    expected.forEach((value, index) => expect(y.data[index]).toBeCloseTo(value, 13));
  });

  it('takes another axis, as a function too', async () => {
    const x = array([0, 0, Math.log(3), Math.log(4)], [2, 2]);
    const result = await run(referenceBackend(), (tensor) => logSoftmax(tensor, { axis: 0 }), x);
    [0.25, 0.2, 0.75, 0.8].forEach((value, index) => expect(result.data[index]).toBeCloseTo(Math.log(value), 14));
  });

  it('has the right gradients', async () => {
    expect(await gradientError(logSoftmax({ axis: 1 }), array(irregular(12), [2, 3, 2]))).toBeLessThan(1e-6);
  });

  it('is rebuilt from its description, and refuses an axis that is none', () => {
    const description = describeModel(logSoftmax({ axis: -2 }));
    expect(build(description, { logSoftmax }).options).toEqual({ axis: -2 });
    expect(() => logSoftmax({ axis: 0.5 })).toThrow(ConfigError);
    expect(() => declare(logSoftmax({ axis: 2 }), [1, 2])).toThrow(ShapeError);
  });
});
