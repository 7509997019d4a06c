// Composites whose definition has one mistake each.
import type { Tensor } from '@nn/core';
import {
  NdArray,
  add,
  cast,
  composites,
  constant,
  div,
  elementwise,
  exp,
  greater,
  log,
  matmul,
  max,
  maximum,
  mean,
  mul,
  scalar,
  sub,
  sum,
} from '@nn/core';
import type { Mutant, MutantKind } from './mutant.ts';
import { ofComposite } from './mutant.ts';

const keep = { keepDims: true };

/** Mutants of composites. */
export const definitionMutants: readonly Mutant[] = [
  ofComposite('wrong axis', 'softmax', 'always the last axis', ([x]) => composites.softmax.decompose([x!], { axis: x!.shape.length - 1 })),
  ofComposite('wrong axis', 'logSoftmax', 'always the last axis', ([x]) =>
    composites.logSoftmax.decompose([x!], { axis: x!.shape.length - 1 }),
  ),
  ofNormalize('biased and unbiased', 'divides the variance by n − 1', ({ variance, count }) =>
    mul(variance, count / Math.max(1, count - 1)),
  ),
  ofNormalize('biased and unbiased', 'divides the variance by n + 1', ({ variance, count }) => mul(variance, count / (count + 1))),
  ofComposite('biased and unbiased', 'normalizeGradient', 'means over n − 1', (inputs, attrs) => {
    const { dx, dGamma } = composites.normalizeGradient.decompose(inputs, attrs);
    const count = attrs.axes.reduce((size, axis) => size * inputs[0]!.shape[axis]!, 1);
    const scaled = mul(mul(inputs[5]!, inputs[1]!), inputs[4]!);
    return { dx: add(scaled, mul(sub(dx, scaled), count / Math.max(1, count - 1))), dGamma };
  }),
  ofNormalize('epsilon', 'outside the root', ({ variance, epsilon }) => {
    // 1 / (√v + ε) as a variance: (√v + ε)² − ε
    const deviation = add(variance.sqrt(), epsilon);
    return sub(mul(deviation, deviation), epsilon);
  }),
  ofNormalize('epsilon', 'left out', ({ variance, epsilon }) => sub(variance, epsilon)),
  ofNormalize('epsilon', 'added twice', ({ variance, epsilon }) => add(variance, epsilon)),
  ofNormalize('epsilon', 'always 1e-5', ({ variance, epsilon }) => add(variance, 1e-5 - epsilon)),
  ofNormalize('cancellation', 'one-pass variance', ({ x, axes }) => {
    const average = mean(x, axes, keep);
    return sub(mean(mul(x, x), axes, keep), mul(average, average));
  }),
  ofComposite('cancellation', 'normalize', 'subtracts the mean once', (inputs, attrs) => {
    const right = composites.normalize.decompose(inputs, attrs);
    const centered = sub(inputs[0]!, right.center);
    return { ...right, y: add(mul(mul(centered, right.reciprocalDeviation), inputs[1]!), inputs[2]!) };
  }),
  ofComposite('gradient', 'softmaxCrossEntropyGradient', 'divides by the batch', (inputs, attrs) => ({
    dLogits: mul(composites.softmaxCrossEntropyGradient.decompose(inputs, attrs).dLogits, 1 / inputs[0]!.shape[0]!),
  })),
  ofComposite('gradient', 'softmaxCrossEntropyGradient', 'leaves the smoothing out', (inputs) =>
    composites.softmaxCrossEntropyGradient.decompose(inputs, { labelSmoothing: 0 }),
  ),
  ofComposite('gradient', 'normalizeGradient', 'takes the mean as a constant', (inputs, attrs) => ({
    ...composites.normalizeGradient.decompose(inputs, attrs),
    dx: mul(mul(inputs[5]!, inputs[1]!), inputs[4]!),
  })),
  ofComposite('gradient', 'normalizeGradient', 'forgets gamma', ([x, gamma, ...others], attrs) => {
    const withoutGamma = composites.normalizeGradient.decompose([x!, add(mul(gamma!, 0), 1), ...others], attrs);
    return { dx: withoutGamma.dx, dGamma: withoutGamma.dGamma };
  }),
  ofComposite('gradient', 'conv2dKernelGradient', 'twice too large', (inputs, attrs) => ({
    dKernel: mul(composites.conv2dKernelGradient.decompose(inputs, attrs).dKernel, 2),
  })),
  ofComposite('gradient', 'conv2dInputGradient', 'without the padding', (inputs, attrs) => ({
    dx: mul(composites.conv2dInputGradient.decompose(inputs, attrs).dx, attrs.padding.flat().some((width) => width > 0) ? 0.5 : 1),
  })),
  ofComposite('gradient', 'maxPool2dGradient', 'half of it', (inputs, attrs) => ({
    dx: mul(composites.maxPool2dGradient.decompose(inputs, attrs).dx, 0.5),
  })),
  ofComposite('overflow', 'softmax', 'without subtracting the maximum', ([x], { axis }) => {
    const powers = exp(x!);
    return { y: div(powers, sum(powers, axis, keep)) };
  }),
  ofComposite('overflow', 'logSoftmax', 'the logarithm of the softmax', ([x], { axis }) => {
    const powers = exp(sub(x!, max(x!, axis, keep)));
    return { y: log(div(powers, sum(powers, axis, keep))) };
  }),
  ofComposite('overflow', 'softmaxCrossEntropy', 'the logarithm of the probabilities', (inputs, attrs) => {
    const { probabilities } = composites.softmaxCrossEntropy.decompose(inputs, attrs);
    const logits = log(add(probabilities, 1e-7));
    return { loss: composites.softmaxCrossEntropy.decompose([logits, inputs[1]!], attrs).loss, probabilities };
  }),
  ofComposite('NaN and zeros', 'softmax', 'NaN is zero', ([x], attrs) => ({
    y: elementwise((y) => scalar.select(scalar.notEqual(y, y), 0, y), composites.softmax.decompose([x!], attrs).y),
  })),
  ofComposite('start of a maximum', 'maxPool2d', 'the smallest positive number', (inputs, attrs) => ({
    y: maximum(composites.maxPool2d.decompose(inputs, attrs).y, 2 ** -126),
  })),
  ofComposite('start of a maximum', 'maxPool2dGradient', 'no gradient where the maximum is negative', ([x, y, dy], attrs) =>
    composites.maxPool2dGradient.decompose([x!, y!, mul(dy!, cast(greater(y!, 0), 'f32'))], attrs),
  ),
  ofComposite('broadcasting', 'linear', 'the bias only in the first row', ([x, kernel, bias]) => {
    const y = matmul(x!, kernel!);
    if (bias === undefined) return { y };
    const [rows] = y.shape as [number, number];
    const first = new NdArray(
      Float32Array.from({ length: rows }, (_, row) => (row === 0 ? 1 : 0)),
      [rows, 1],
      'f32',
    );
    return { y: add(y, mul(bias.reshape([1, -1]), constant(first))) };
  }),
  ofComposite('windows', 'avgPool2d', 'padding always counts', (inputs, attrs) =>
    composites.avgPool2d.decompose(inputs, { ...attrs, countPadding: true }),
  ),
  ofComposite('windows', 'conv2d', 'one group', (inputs, attrs) =>
    attrs.groups === 1 ? composites.conv2d.decompose(inputs, attrs) : { y: mul(composites.conv2d.decompose(inputs, attrs).y, 0) },
  ),
];

interface Spread {
  readonly x: Tensor;
  readonly axes: readonly number[];
  readonly variance: Tensor;
  readonly epsilon: number;
  /** Elements that a statistic is taken over. */
  readonly count: number;
}

/** `normalize` with another variance. The variance it gives is the one it uses. */
function ofNormalize(kind: MutantKind, what: string, varianceOf: (spread: Spread) => Tensor): Mutant {
  return ofComposite(kind, 'normalize', what, ([x, gamma, beta], { axes, epsilon }) => {
    const right = composites.normalize.decompose([x!, gamma!, beta!], { axes, epsilon });
    const count = axes.reduce((size, axis) => size * x!.shape[axis]!, 1);
    const variance = varianceOf({ x: x!, axes, variance: right.variance, epsilon, count });
    const reciprocalDeviation = elementwise((v) => {
      const inside = scalar.add(v, epsilon);
      return scalar.select(scalar.lessEqual(inside, 0), 0, scalar.reciprocalSqrt(inside));
    }, variance);
    const centered = sub(sub(x!, right.center), right.correction);
    return { ...right, y: add(mul(mul(centered, reciprocalDeviation), gamma!), beta!), variance, reciprocalDeviation };
  });
}
