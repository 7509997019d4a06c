// Hard swish: x times a hard sigmoid.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';

/** x·(x + 3)/6 between −3 and 3, 0 below and x above; the gradient is 0 at −3 and 1 at 3. Source: Howard et al., "Searching for MobileNetV3" (2019). */
export const hardSwish = activation('hardSwish', {}, (x) => {
  // An f32, which refuses integers: their quotient would be an integer.
  const shifted = scalar.add(scalar.constant(3, 'f32'), x);
  return scalar.select(scalar.lessEqual(x, -3), 0, scalar.select(scalar.greaterEqual(x, 3), x, scalar.div(scalar.mul(x, shifted), 6)));
});
