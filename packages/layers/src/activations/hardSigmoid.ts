// Hard sigmoid: a logistic function of three straight lines.
import { checkNumber, scalar } from '@nn/core';
import { activation } from './activation.ts';
import { defaults } from '../defaults.ts';

/**
 * `slope`·x + `offset` between 0 and 1, else the nearer of both; the gradient where they meet is 0. By default x/6 + 1/2, as PyTorch and
 * Keras 3 have it; ONNX and earlier Kerases have 0.2·x + 1/2. Source: Courbariaux, Bengio and David, "BinaryConnect" (2015).
 */
export const hardSigmoid = activation(
  'hardSigmoid',
  defaults.hardSigmoid,
  (x, { slope, offset }) => {
    const line = scalar.add(scalar.mul(slope, x), offset);
    return scalar.select(scalar.lessEqual(line, 0), 0, scalar.select(scalar.greaterEqual(line, 1), 1, line));
  },
  ({ slope }) => checkNumber('hardSigmoid', 'slope', slope, { above: 0 }),
);
