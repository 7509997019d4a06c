// The learned scale gamma and shift beta that follow a normalization; either can be left out.
import type { Context, Initializer, Shape, Tensor, VariableSpec, VariableSpecs } from '@nn/core';
import { checkFlag, constant, full, reshape } from '@nn/core';
import { checkInitializer } from '../records.ts';

export interface AffineOptions {
  /** Learn a scale gamma: default true. */
  readonly scale?: boolean;
  /** Learn a shift beta: default true. */
  readonly center?: boolean;
  /** Default `ones()`. */
  readonly gammaInitializer?: Initializer;
  /** Default `zeros()`. */
  readonly betaInitializer?: Initializer;
}

type Affine = Required<AffineOptions>;

/** Of a normalization that scales and does not shift. */
type Scaling = Pick<Affine, 'scale' | 'gammaInitializer'>;

/** @throws ConfigError for flags and initializers that are none */
export function checkAffine(kind: string, affine: Affine | Scaling): void {
  checkFlag(kind, 'scale', affine.scale);
  checkInitializer(kind, 'gammaInitializer', affine.gammaInitializer);
  if (!canShift(affine)) return;
  checkFlag(kind, 'center', affine.center);
  checkInitializer(kind, 'betaInitializer', affine.betaInitializer);
}

/** The parameters gamma and beta of that shape, as far as they are learned. */
export function affineVariables(affine: Affine | Scaling, shape: Shape): VariableSpecs {
  const parameter = (init: Initializer): VariableSpec => ({ shape, dtype: 'f32', role: 'parameter', init });
  return {
    ...(affine.scale ? { gamma: parameter(affine.gammaInitializer) } : {}),
    ...(canShift(affine) && affine.center ? { beta: parameter(affine.betaInitializer) } : {}),
  };
}

function canShift(affine: Affine | Scaling): affine is Affine {
  return 'center' in affine;
}

/** Gamma and beta in a shape that stretches over the normalized array; 1 and 0 where they are not learned. */
export function affineTensors(affine: Affine, context: Context, stretching: Shape): { gamma: Tensor; beta: Tensor } {
  return {
    gamma: gammaTensor(affine, context, stretching),
    beta: affine.center ? reshape(context.get('beta'), stretching) : fixed(0, stretching),
  };
}

/** Gamma alone. */
export function gammaTensor({ scale }: Scaling, context: Context, stretching: Shape): Tensor {
  return scale ? reshape(context.get('gamma'), stretching) : fixed(1, stretching);
}

function fixed(value: number, stretching: Shape): Tensor {
  const ones = stretching.map(() => 1);
  return constant(full(ones, value));
}
