// Losses and penalties: through the losses and regularizers of @nn/train, reduced as the case asks.
import type { Loss, Regularizer, Tensor } from '@nn/core';
import { add, cast, constant, equal, full, gather, iota, mean, mul, notEqual, reshape, sizeOf, sum, where } from '@nn/core';
import { elasticNet, huber, l1, l2, meanAbsoluteError, meanSquaredError, multiclassHinge, smoothL1, softmaxCrossEntropy } from '@nn/train';
import type { Adapter, Recorded, Scope } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { NotYet, numberSetting, optionalNumber, textSetting } from '../config.ts';
import type { GoldenCase } from '../format.ts';

/** Losses per sample as the case wants them: all, their sum, or their mean over a total weight. */
function reduced(golden: GoldenCase, perSample: Tensor, weight?: Tensor): Recorded {
  const reduction = textSetting(golden, 'reduction', 'mean');
  switch (reduction) {
    case 'none':
      return { outputs: { loss: perSample } };
    case 'sum':
      return { outputs: { loss: sum(perSample) } };
    case 'mean':
      return { outputs: { loss: weight === undefined ? mean(perSample) : sum(perSample).div(sum(weight)) } };
    default:
      throw new NotYet(`reduction ${reduction}`);
  }
}

function crossEntropy(scope: Scope, golden: GoldenCase): Recorded {
  const [logits, labels] = [scope.input('logits'), scope.input('labels')];
  const labelSmoothing = optionalNumber(golden, 'labelSmoothing', 0);
  const classWeights = scope.optionalInput('classWeights');
  const ignoreIndex = golden.config['ignoreIndex'] ?? null;
  if (classWeights === undefined && ignoreIndex === null)
    return reduced(golden, softmaxCrossEntropy({ labelSmoothing }).apply(logits, labels));

  // Weights and rows to ignore are soft labels: a smoothed one-hot row times the weights of the classes, whose mass is not 1.
  const [rows, classes] = logits.shape as [number, number];
  const weights = classWeights ?? constant(full([classes], 1));
  const kept = ignoreIndex === null ? undefined : notEqual(labels, numberSetting(golden, 'ignoreIndex'));
  const known = kept === undefined ? labels : where(kept, labels, 0);
  const hit = cast(equal(reshape(known, [rows, 1]), iota([rows, classes], 1)), 'f32');
  const soft = mul(add(mul(hit, 1 - labelSmoothing), labelSmoothing / classes), weights);
  const onlyKept = (perRow: Tensor): Tensor => (kept === undefined ? perRow : where(kept, perRow, 0));
  return reduced(golden, onlyKept(softmaxCrossEntropy().apply(logits, soft)), onlyKept(gather(weights, known)));
}

function softCrossEntropy(scope: Scope, golden: GoldenCase): Recorded {
  const loss = softmaxCrossEntropy({ labelSmoothing: optionalNumber(golden, 'labelSmoothing', 0) });
  return reduced(golden, loss.apply(scope.input('logits'), scope.input('targets')));
}

/** The loss is a mean per sample; a sum is that times the values of a sample. Unreduced, every element is a sample. */
const regression = (loss: (golden: GoldenCase) => Loss): Adapter =>
  formula((scope, golden) => {
    const [prediction, target] = [scope.input('pred'), scope.input('target')];
    const reduction = textSetting(golden, 'reduction', 'mean');
    if (reduction === 'none') {
      const elements = loss(golden).apply(reshape(prediction, [-1]), reshape(target, [-1]));
      return { outputs: { loss: reshape(elements, prediction.shape) } };
    }
    const perSample = loss(golden).apply(prediction, target);
    const values = sizeOf(prediction.shape) / perSample.shape[0]!;
    return reduced(golden, reduction === 'sum' ? mul(perSample, values) : perSample);
  });

function hinge(scope: Scope, golden: GoldenCase): Recorded {
  const loss = multiclassHinge({ margin: optionalNumber(golden, 'margin', 1), squared: optionalNumber(golden, 'p', 1) === 2 });
  return reduced(golden, loss.apply(scope.input('scores'), scope.input('labels')));
}

export const losses: Readonly<Record<string, Adapter>> = {
  softmaxCrossEntropy: formula(crossEntropy),
  softmaxCrossEntropySoft: formula(softCrossEntropy),
  mse: regression(() => meanSquaredError()),
  mae: regression(() => meanAbsoluteError()),
  huber: regression((golden) => huber({ delta: optionalNumber(golden, 'delta', 1) })),
  smoothL1: regression((golden) => smoothL1({ beta: optionalNumber(golden, 'beta', 1) })),
  multiclassHinge: formula(hinge),
};

const penalty = (regularizer: (lambda: number, golden: GoldenCase) => Regularizer): Adapter =>
  formula((scope, golden) => ({ outputs: { penalty: regularizer(numberSetting(golden, 'lambda'), golden).penalty(scope.input('W')) } }));

export const penalties: Readonly<Record<string, Adapter>> = {
  l1: penalty((lambda) => l1(lambda)),
  l2: penalty((lambda) => l2(lambda)),
  // With the ½ that some put before it.
  l2half: penalty((lambda) => l2(lambda / 2)),
  elastic: penalty((lambda, golden) => elasticNet({ lambda, beta: numberSetting(golden, 'beta') })),
};
