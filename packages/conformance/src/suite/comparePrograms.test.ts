// Who is wrong, and who is not: a whole training step on backends with other roundings, and on one with a mistake.
import { referenceBackend } from '@nn/backend-reference';
import { batchNorm, dense, relu, sequential } from '@nn/layers';
import { adam } from '@nn/optim';
import { softmaxCrossEntropy, trainingProgram, trainingVariables } from '@nn/train';
import { fillVariables, full } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { unchangedBackend } from '../mutants/mutant.ts';
import { mutants } from '../mutants/mutants.ts';
import { firstDraw, integers } from '../samples/arrays.ts';
import { comparePrograms } from './comparePrograms.ts';

const recipe = {
  model: sequential(dense(9, { bias: false }), batchNorm(), relu(), dense(4)),
  loss: softmaxCrossEntropy(),
  optimizer: adam(),
};
const [x, y] = [firstDraw.normal('x', [7, 5], { mean: 1e4 }), integers(0, 3, 1, 2, 2, 0, 1)];
const program = trainingProgram({ ...recipe, input: x, target: y });
const arrays = {
  inputs: { x, y, seed: full([], 0, 'i32'), step: full([], 1, 'i32'), learningRate: full([], 0.01) },
  variables: fillVariables(trainingVariables({ ...recipe, input: { shape: [5], dtype: 'f32' } }), 1),
};

describe('comparePrograms', () => {
  it('accuses nobody of rounding', async () => {
    expect(await comparePrograms([unchangedBackend().backend, referenceBackend()], program, arrays)).toBeUndefined();
  });

  it('names the instruction that one of them gets wrong', async () => {
    const wrong = mutants.find(({ name }) => name === 'normalizeGradient: forgets gamma')!.create().backend;
    const changed = { ...arrays.variables, 'batchNorm1/gamma': full([9], 2) };
    const parting = await comparePrograms([referenceBackend(), wrong], program, { ...arrays, variables: changed });
    expect(parting).toMatchObject({
      text: expect.stringContaining('normalizeGradient'),
      path: 'batchNorm1',
      reasons: [undefined, expect.stringContaining('output 0')],
    });
  });
});
