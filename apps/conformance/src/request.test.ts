import { describe, expect, it } from 'vitest';
import { addressOf, parseRequest } from './request.ts';

describe('the address of a run', () => {
  it.each([
    { backends: ['cpu 1 thread'], tier: 'quick', filter: '', seed: 1 },
    { backends: ['reference', 'cpu 2 threads'], tier: 'full', filter: 'gradients/layer batchNorm/[2, 3] & more', seed: 42 },
  ] as const)('asks for what it was made from: %o', (request) => {
    expect(parseRequest(addressOf(request))).toEqual(request);
  });

  it('asks for nothing when it is empty', () => {
    expect(parseRequest('')).toEqual({ backends: [], tier: 'quick', filter: '', seed: 1 });
  });

  it.each([
    ['?backend=cpi', 'backend=cpi is not known. There is reference, cpu 1 thread'],
    ['?tier=slow', 'tier=slow is not known. There is quick, full.'],
    ['?seed=-1', 'seed=-1: a whole number'],
    ['?seed=x', 'seed=x: a whole number'],
  ])('%s is refused', (search, message) => {
    expect(() => parseRequest(search)).toThrow(message);
  });
});
