// The pairings of lecture 002.
import { describe, expect, it } from 'vitest';
import { initializerFor } from './forActivation.ts';

describe('initializerFor', () => {
  it('pairs tanh with Glorot, ReLU with He and selu with LeCun', () => {
    expect(initializerFor('tanh').kind).toBe('glorotNormal');
    expect(initializerFor('relu').kind).toBe('heNormal');
    expect(initializerFor('leakyRelu').options).toMatchObject({ negativeSlope: 0.01 });
    expect(initializerFor('selu').kind).toBe('lecunNormal');
  });

  it('refuses an activation it does not know', () => {
    expect(() => initializerFor('rellu' as never)).toThrow(/Did you mean "relu"/);
  });
});
