// Gradients of every layer, by its input and its parameters, in training and inference, against differences in float64.
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { layerSamples } from '../samples/layers.ts';
import { compareWithDifferences } from './differences.ts';
import { layerProblem } from './layerProblem.ts';

const backend = referenceBackend();

describe.each(Object.entries(layerSamples))('%s', (_, samples) => {
  it.each(samples.flatMap((sample) => [layerProblem(sample, true), layerProblem(sample, false)]))('$title', async (problem) => {
    const errors = await compareWithDifferences(backend, problem);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter(({ error, allowed }) => !(error <= allowed))).toEqual([]);
  });
});
