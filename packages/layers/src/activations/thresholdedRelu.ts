// Thresholded ReLU.
import { scalar } from '@nn/core';
import { activation } from './activation.ts';
import { defaults } from '../defaults.ts';

/** x where x > `threshold`, else 0, by default with threshold 1; the gradient at the threshold is 0. Source: Konda, Memisevic and Krueger (2014). */
export const thresholdedRelu = activation('thresholdedRelu', defaults.thresholdedRelu, (x, { threshold }) =>
  scalar.select(scalar.lessEqual(x, threshold), 0, x),
);
