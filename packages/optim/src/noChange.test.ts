// What holds for every optimizer: no gradient or no rate, no change, to the last bit. (Weight decay is a gradient.)
import type { Optimizer } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { adagrad } from './adagrad.ts';
import { adam, adamW } from './adam.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';
import { optimize } from './testing/optimize.ts';

const optimizers: readonly [string, Optimizer][] = [
  ['sgd', sgd()],
  ['momentum', sgd({ momentum: 0.9 })],
  ['nesterov', sgd({ momentum: 0.9, nesterov: true })],
  ['momentum with the rate inside', sgd({ momentum: 0.9, learningRateMode: 'inside' })],
  ['nesterov with the rate inside', sgd({ momentum: 0.9, nesterov: true, learningRateMode: 'inside' })],
  ['adam', adam()],
  ['adam with its other options', adam({ beta1: 0, epsilonHat: true, amsgrad: true })],
  ['adamW without decay', adamW({ weightDecay: 0 })],
  ['rmsprop', rmsprop()],
  ['rmsprop with its other options', rmsprop({ centered: true, momentum: 0.9, epsilonMode: 'inside' })],
  ['rmsprop with the rate inside', rmsprop({ momentum: 0.9, learningRateMode: 'inside' })],
  ['adagrad', adagrad()],
];

const start = [3, -1.5, 0, -0, 1e-40];

describe.each(optimizers)('%s leaves parameters as they are', (_, optimizer) => {
  it.each([0, -0])('where the gradient is %d', async (zero) => {
    const parameters = await optimize(optimizer, { start, gradient: () => start.map(() => zero), learningRates: [0.1, 0.1, 0.1] });
    // `toEqual` tells 0 from −0.
    expect(parameters).toEqual([start, start, start]);
  });

  it.each([1, -1])('where the learning rate is zero, the gradient %d', async (slope) => {
    const parameters = await optimize(optimizer, { start, gradient: () => start.map(() => slope), learningRates: [0, 0] });
    expect(parameters).toEqual([start, start]);
  });
});
