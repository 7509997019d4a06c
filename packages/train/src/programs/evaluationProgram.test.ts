// Evaluation programs: the same loss and figures as in training, nothing drawn, nothing written.
import type { TensorSpec } from '@nn/core';
import { mean, square, sub } from '@nn/core';
import { batchNorm, dense, dropout, sequential } from '@nn/layers';
import { describe, expect, it } from 'vitest';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { l2 } from '../rules/l2.ts';
import { runSteps } from '../testing/runProgram.ts';
import { evaluationProgram } from './evaluationProgram.ts';

const batch: { input: TensorSpec; target: TensorSpec } = {
  input: { shape: [2, 1], dtype: 'f32' },
  target: { shape: [2, 1], dtype: 'f32' },
};
const samples = { x: [[1], [3]], y: [[2], [2]] };
const start = { 'dense1/kernel': [[2]] };

describe('evaluationProgram', () => {
  it('gives the mean loss with penalties', async () => {
    const program = evaluationProgram({
      model: sequential(dense(1, { bias: false })),
      loss: meanSquaredError(),
      rules: [{ match: '**/kernel', regularizer: l2(0.5) }],
      ...batch,
    });
    expect((await runSteps(program, start, [samples])).outputs[0]).toEqual({ loss: 10 });
  });

  it('writes nothing and draws nothing', () => {
    const model = sequential(dense(4), batchNorm(), dropout(), dense(1));
    const program = evaluationProgram({ model, loss: meanSquaredError(), ...batch });
    expect(Object.values(program.variables).filter(({ write }) => write !== undefined)).toEqual([]);
    expect(Object.keys(program.inputs)).toEqual(['x', 'y']);
  });

  it('asks a custom step, which knows that it is no training', async () => {
    const program = evaluationProgram({
      model: sequential(dense(1, { bias: false })),
      step: ({ batch: { x, y }, apply, training }) => ({ loss: mean(square(sub(apply(x), y))).mul(training ? 0 : 1) }),
      ...batch,
    });
    expect((await runSteps(program, start, [samples])).outputs[0]).toEqual({ loss: 8 });
  });
});
