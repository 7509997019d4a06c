// Texts that documents show and a program makes: a block ```text generated <name> holds what the row of that name gives.
import { batchNorm, dense, lower, optimize, printProgram, relu, sequential, sgd, softmaxCrossEntropy, trainingProgram } from '@nn/kit';

/** The training step that docs/guides/how-a-step-runs.md follows. */
const trainingStep = () =>
  trainingProgram({
    model: sequential(dense(3, { bias: false }), batchNorm(), relu(), dense(2)),
    input: { shape: [4, 2], dtype: 'f32' },
    target: { shape: [4], dtype: 'i32' },
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
  });

export const generators: Readonly<Record<string, () => string>> = {
  traced: () => printProgram(trainingStep()),
  kept: () => printProgram(optimize(lower(trainingStep(), () => true))),
  optimized: () => printProgram(optimize(lower(trainingStep(), () => false))),
};
