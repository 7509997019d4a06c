// Normalization propagation: its constants, the factor of its Jacobian, that deep nets keep their scale, batches of one.
import { ConfigError, initialize } from '@nn/core';
import { constant, normal } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { defaults } from '../defaults.ts';
import { dense } from '../dense/dense.ts';
import { normPropDense, normPropRelu } from './normProp.ts';
import { sequential } from '../containers/sequential.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { declare } from '../testing/declare.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { weightNorm } from './weightNorm.ts';
import { meanOf, standardNormal, varianceOf } from '../testing/sampleMoments.ts';

describe('normPropRelu', () => {
  it('has the moments of relu of a standard normal number, .3989 and .5838', async () => {
    const rectified = Array.from(standardNormal(200_000).data, (value) => Math.max(0, value));
    // Four standard errors of 200 000 numbers.
    expect(Math.abs(meanOf(rectified) - defaults.normPropRelu.mean)).toBeLessThan((4 * 0.5838) / Math.sqrt(200_000));
    expect(Math.abs(Math.sqrt(varianceOf(rectified)) - defaults.normPropRelu.deviation)).toBeLessThan(0.006);
    expect(defaults.normPropRelu.mean).toBeCloseTo(0.3989, 4);
    expect(defaults.normPropRelu.deviation).toBeCloseTo(0.5838, 4);
  });

  it('gives mean 0 and deviation 1 again', async () => {
    const { y } = await applyLayer(normPropRelu(), standardNormal(50_000));
    expect(Math.abs(meanOf(y.data))).toBeLessThan(0.02);
    expect(Math.abs(Math.sqrt(varianceOf(y.data)) - 1)).toBeLessThan(0.02);
  });
});

describe('normPropDense', () => {
  it('is a weight-normalized dense layer, then normPropRelu', async () => {
    const x = array(irregular(8), [2, 4]);
    const propagated = normPropDense(3, {
      kernelInitializer: constant(0.5),
      gammaInitializer: constant(2),
      betaInitializer: constant(0.1),
    });
    const composed = sequential(
      dense(3, {
        kernelInitializer: constant(0.5),
        biasInitializer: constant(0.1),
        kernelTransform: weightNorm({ lengthInitializer: constant(2) }),
      }),
      normPropRelu(),
    );
    expect((await applyLayer(propagated, x)).y.data).toEqual((await applyLayer(composed, x)).y.data);
    // By hand: the direction of four equal weights is ½ each.
    const u = 2 * 0.5 * Array.from(x.data.subarray(0, 4)).reduce((sum, value) => sum + value, 0) + 0.1;
    const expected = (Math.max(0, u) - Math.sqrt(1 / (2 * Math.PI))) / Math.sqrt((1 - 1 / Math.PI) / 2);
    expect((await applyLayer(propagated, x)).y.data[0]).toBeCloseTo(expected, 6);
  });

  it('has a Jacobian of singular values near 1 with γ = 1/1.21', async () => {
    // Of a wide square layer ‖J‖²/n = γ² P(u > 0) / c₂²: the root of the mean squared singular value is γ √½ / .5838 = 1.2112 γ.
    expect(Math.sqrt(0.5) / defaults.normPropRelu.deviation).toBeCloseTo(1.2112, 4);
    const units = 40;
    const layer = normPropDense(units, { kernelInitializer: normal() });
    let squares = 0;
    for (let output = 0; output < units; output++) {
      const { gradients } = await applyLayer(layer, standardNormal(1, units), {
        seed: 1,
        upstream: (count) => Float64Array.from({ length: count }, (_, index) => (index === output ? 1 : 0)),
      });
      for (const value of gradients['x']!.data) squares += value * value;
    }
    expect(Math.abs(Math.sqrt(squares / units) - 1)).toBeLessThan(0.2);
  });

  it('keeps the scale of activations through 20 layers, for a batch of one too', async () => {
    const width = 256;
    const layers = Array.from({ length: 20 }, () => normPropDense(width, { kernelInitializer: normal(), gammaInitializer: constant(1) }));
    const { y } = await applyLayer(sequential(...layers), standardNormal(1, width), { training: true });
    // A mean square of 1 stays, but nothing draws another one back to it: it wanders a little with every layer.
    const deviation = Math.sqrt(varianceOf(y.data));
    expect(deviation).toBeGreaterThan(0.5);
    expect(deviation).toBeLessThan(2);
  });

  it('is the same in training, and has the right gradients', async () => {
    const x = array(irregular(8), [2, 4]);
    const [training, inference] = [await applyLayer(normPropDense(3), x, { training: true }), await applyLayer(normPropDense(3), x)];
    expect(training.y.data).toEqual(inference.y.data);
    expect(await gradientError(normPropDense(3), x, { training: true })).toBeLessThan(1e-6);
    expect((await applyLayer(normPropDense(3), array(irregular(12), [2, 3, 2]))).y.shape).toEqual([2, 3, 3]);
  });

  it('declares kernel, gamma and beta; refuses what others have', () => {
    const { specs, variables } = declare(normPropDense(3), [2, 4]);
    expect([...specs.keys()]).toEqual(['kernel', 'gamma', 'beta']);
    expect(variables['gamma']!.data[0]).toBeCloseTo(1 / 1.21, 6);
    expect(specs.get('kernel')!.fans).toEqual({ fanIn: 4, fanOut: 3 });
    expect(() => normPropDense(0)).toThrow(ConfigError);
    expect(() => normPropDense(2, { bias: true } as never)).toThrow(/beta is its bias/);
    expect(() => initialize(normPropDense(2), { shape: [4], dtype: 'f32' }, 0)).toThrow(/normPropDense takes \[batch/);
  });
});
