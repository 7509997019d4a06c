// Where float32 goes wrong in well-known ways: data far from zero, and branches that are not taken and overflow.
import type { NdArray } from '@nn/core';
import { full } from '@nn/core';
import { batchNorm, elu, ghostBatchNorm, groupNorm, instanceNorm, layerNorm, selu } from '@nn/layers';
import type { GoldenTolerance } from '../golden/format.ts';
import { firstDraw, numbers } from '../samples/arrays.ts';
import { layerProblem } from './layerProblem.ts';
import type { GradientProblem } from './problem.ts';

/** A problem with the error that is allowed; `atol` is a part of the largest element (at least of 1). */
export interface HardProblem {
  readonly problem: GradientProblem;
  readonly allowed: GoldenTolerance;
}

/** Normalized values go up to about 4, so that none of them is off by more than 1e-5. */
const centered: GoldenTolerance = { rtol: 0, atol: 2e-6 };
/** Of each element: the largest is a thousand, the interesting ones are near −1. */
const elementwise: GoldenTolerance = { rtol: 1e-6, atol: 1e-10 };

const mean = 1e6;

/** Mean 1e6, deviation 1: float32 has steps of 1/16 there, so that E[x²] − E[x]² has no correct digit. */
const farFromZero = (shape: readonly number[]): NdArray => firstDraw.normal('far from zero', shape, { mean });

/** Rows of [m, m + spread]: normalized they are −1 and 1. */
const neighbours = (m: number, spread: number): NdArray => numbers(m, m + spread, m, m + spread, m, m + spread).reshape([3, 2]);

/** Beyond where exp overflows, beyond where it underflows, and between. */
const wide = numbers(-1000, -100, -88.75, -1, 1, 88.75, 100, 1000);

/** The first feature is the same in every row: y = beta, and no gradient. */
const oneConstant = numbers(0.5, 1.25, 0.5, -2, 0.5, 0.75, 0.5, 3).reshape([4, 2]);

function inferenceFarFromZero(): GradientProblem {
  const problem = layerProblem({ title: 'batchNorm at mean 1e6', model: batchNorm(), x: farFromZero([64, 4]) }, false);
  return { ...problem, variables: { ...problem.variables, runningMean: full([4], mean) } };
}

/** The problems, with what a backend of float32 or better must reach. */
export function hardProblems(): HardProblem[] {
  return [
    { problem: layerProblem({ title: 'batchNorm at mean 1e6', model: batchNorm(), x: farFromZero([256, 4]) }, true), allowed: centered },
    {
      problem: layerProblem({ title: 'batchNorm of images at mean 1e6', model: batchNorm(), x: farFromZero([8, 5, 7, 3]) }, true),
      allowed: centered,
    },
    { problem: inferenceFarFromZero(), allowed: centered },
    { problem: layerProblem({ title: 'layerNorm at mean 1e6', model: layerNorm(), x: farFromZero([4, 256]) }, true), allowed: centered },
    // Two libraries lose these: one has [−.62, 1.27] for the first, another NaN for the second.
    {
      problem: layerProblem({ title: 'layerNorm of two numbers at mean 1e5', model: layerNorm(), x: neighbours(1e5, 2) }, true),
      allowed: centered,
    },
    {
      problem: layerProblem(
        { title: 'layerNorm of neighbours at mean 1000', model: layerNorm({ epsilon: 0 }), x: neighbours(1000, 1) },
        true,
      ),
      allowed: centered,
    },
    {
      problem: layerProblem({ title: 'groupNorm at mean 1e6', model: groupNorm({ groups: 2 }), x: farFromZero([4, 8, 8, 4]) }, true),
      allowed: centered,
    },
    {
      problem: layerProblem({ title: 'instanceNorm at mean 1e6', model: instanceNorm(), x: farFromZero([4, 8, 8, 4]) }, true),
      allowed: centered,
    },
    {
      problem: layerProblem(
        { title: 'ghostBatchNorm at mean 1e6', model: ghostBatchNorm({ ghostBatchSize: 64 }), x: farFromZero([256, 4]) },
        true,
      ),
      allowed: centered,
    },
    {
      problem: layerProblem(
        { title: 'batchNorm with epsilon 0 and a feature without deviation', model: batchNorm({ epsilon: 0 }), x: oneConstant },
        true,
      ),
      allowed: centered,
    },
    { problem: layerProblem({ title: 'elu where exp overflows', model: elu(), x: wide }, true), allowed: elementwise },
    { problem: layerProblem({ title: 'selu where exp overflows', model: selu(), x: wide }, true), allowed: elementwise },
  ];
}
