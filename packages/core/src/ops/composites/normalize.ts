// `normalize`: (x − mean) / √(variance + ε) · gamma + beta over chosen axes. Batch, layer, group and instance normalization
// are this one op with other axes; its gradient is one op too.
import { specText } from '../../array/dtype.ts';
import { normalizeAxes } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import { checkNumber, resolveOptions } from '../../errors/options.ts';
import type { Tensor } from '../../program/tensor.ts';
import * as scalar from '../../scalar/index.ts';
import { elementwise, mul } from '../elementwise.ts';
import { expectDTypeOf, expectInputs, shapeOf } from '../expect.ts';
import { mean, moments } from '../reductions.ts';
import type { Composite } from '../spec.ts';
import { sumToShape } from '../stretch.ts';
import { callComposite } from './composite.ts';

type NormalizeAttrs = { readonly axes: readonly number[]; readonly epsilon: number };

/** What `normalize` computes. All but `y` have x's rank, with extent 1 on the reduced axes. */
export type NormalizeOutput = 'y' | 'mean' | 'variance' | 'center' | 'correction' | 'reciprocalDeviation';

/** Inputs: x; gamma and beta of x's rank, each extent 1 or x's. */
export const normalizeOp: Composite<'normalize', NormalizeAttrs, NormalizeOutput> = {
  name: 'normalize',
  kind: 'composite',
  // The mean is kept as center + correction: rounded to one float32, it would be off by 3 % of a deviation at mean 1e6.
  outputNames: ['y', 'mean', 'variance', 'center', 'correction', 'reciprocalDeviation'],
  check(inputs, { axes, epsilon }) {
    const [x, gamma, beta] = expectInputs('normalize', inputs, 3);
    normalizeAxes(axes, x.shape.length, 'normalize');
    checkNumber('normalize', 'epsilon', epsilon, { from: 0 });
    for (const [what, spec] of Object.entries({ x, gamma, beta })) expectDTypeOf('normalize', what, spec, 'f32');
    for (const [what, spec] of Object.entries({ gamma, beta })) {
      const fits = spec.shape.length === x.shape.length && spec.shape.every((extent, axis) => extent === 1 || extent === x.shape[axis]);
      if (!fits)
        throw new ShapeError(`normalize: ${what} is ${specText(spec)} for x ${specText(x)}; x's rank with extents 1 or x's is needed.`);
    }
  },
  decompose([x, gamma, beta], { axes, epsilon }) {
    const { mean: average, variance, centered, center, correction } = moments(x!, axes);
    const reciprocalDeviation = elementwise((v) => {
      const inside = scalar.add(v, epsilon);
      // With ε = 0 a constant feature has no deviation to divide by: it becomes beta, and its gradient 0.
      return scalar.select(scalar.equal(inside, 0), 0, scalar.reciprocalSqrt(inside));
    }, variance);
    const y = elementwise((c, r, g, b) => scalar.add(scalar.mul(scalar.mul(c, r), g), b), centered, reciprocalDeviation, gamma!, beta!);
    return { y, mean: average, variance, center, correction, reciprocalDeviation };
  },
  vjp({ inputs: [x, gamma, beta], outputs, attrs: { axes }, cotangents: [dy, ...others], needs }) {
    if (dy === undefined || others.some((cotangent) => cotangent !== undefined)) return undefined;
    const [, , , center, correction, reciprocalDeviation] = outputs;
    const inputs = [x!, gamma!, center!, correction!, reciprocalDeviation!, dy];
    const { dx, dGamma } = callComposite(normalizeGradientOp, inputs, { axes });
    return [needs[0] ? dx : null, needs[1] ? dGamma : null, needs[2] ? sumToShape(dy, beta!.shape) : null];
  },
  rounds: true,
};

/**
 * Inputs: x, gamma, center, correction, reciprocalDeviation of `normalize`, and dy. With x̂ the normalized values and g = dy · gamma:
 * dx = r (g − mean g − x̂ mean(g x̂)), dGamma = Σ dy x̂ (lecture 002: back-propagation updates β and γ; Ioffe and Szegedy 2015).
 */
export const normalizeGradientOp: Composite<'normalizeGradient', { readonly axes: readonly number[] }, 'dx' | 'dGamma'> = {
  name: 'normalizeGradient',
  kind: 'composite',
  outputNames: ['dx', 'dGamma'],
  decompose([x, gamma, center, correction, reciprocalDeviation, dy], { axes }) {
    const keep = { keepDims: true };
    const normalized = elementwise(
      (value, m0, m1, r) => scalar.mul(scalar.sub(scalar.sub(value, m0), m1), r),
      x!,
      center!,
      correction!,
      reciprocalDeviation!,
    );
    const scaled = mul(dy!, gamma!);
    const meanScaled = mean(scaled, axes, keep);
    const meanProjected = mean(mul(scaled, normalized), axes, keep);
    return {
      dx: elementwise(
        (g, xHat, mg, mp, r) => scalar.mul(r, scalar.sub(scalar.sub(g, mg), scalar.mul(xHat, mp))),
        scaled,
        normalized,
        meanScaled,
        meanProjected,
        reciprocalDeviation!,
      ),
      dGamma: sumToShape(mul(dy!, normalized), gamma!.shape),
    };
  },
  rounds: true,
};

export interface NormalizeOptions {
  /** Axes the statistics are taken over. */
  readonly axes: readonly number[];
  /** Added to the variance inside the root; 0 is allowed. */
  readonly epsilon: number;
}

/**
 * (x − mean) / √(variance + ε) · gamma + beta, statistics over `axes` with the biased variance (2015 algorithm, lecture 003).
 * @param gamma f32 of x's rank, each extent 1 or x's @param beta likewise
 * @throws ShapeError, DTypeError, ConfigError
 */
export function normalize(x: Tensor, gamma: Tensor, beta: Tensor, options: NormalizeOptions): Record<NormalizeOutput, Tensor> {
  const { axes, epsilon } = resolveOptions('normalize', options, normalizeOptionNames);
  const reduced = normalizeAxes(axes, shapeOf('normalize', x).length, 'normalize');
  return callComposite(normalizeOp, [x, gamma, beta], { axes: reduced, epsilon: epsilon! });
}

const normalizeOptionNames: { readonly [Name in keyof NormalizeOptions]: NormalizeOptions[Name] | undefined } = {
  axes: undefined,
  epsilon: undefined,
};
