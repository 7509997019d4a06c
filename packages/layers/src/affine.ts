// The learned scale gamma and shift beta that follow a normalization; either can be left out.
import type { Context, Initializer, Shape, Tensor, VariableSpec, VariableSpecs } from '@nn/core';
import { checkFlag, constant, full, reshape } from '@nn/core';
import { checkInitializer } from './records.ts';

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

/** @throws ConfigError for flags and initializers that are none */
export function checkAffine(kind: string, { scale, center, gammaInitializer, betaInitializer }: Affine): void {
  checkFlag(kind, 'scale', scale);
  checkFlag(kind, 'center', center);
  checkInitializer(kind, 'gammaInitializer', gammaInitializer);
  checkInitializer(kind, 'betaInitializer', betaInitializer);
}

/** The parameters gamma and beta of that shape, as far as they are learned. */
export function affineVariables({ scale, center, gammaInitializer, betaInitializer }: Affine, shape: Shape): VariableSpecs {
  const parameter = (init: Initializer): VariableSpec => ({ shape, dtype: 'f32', role: 'parameter', init });
  return { ...(scale ? { gamma: parameter(gammaInitializer) } : {}), ...(center ? { beta: parameter(betaInitializer) } : {}) };
}

/** Gamma and beta in a shape that stretches over the normalized array; 1 and 0 where they are not learned. */
export function affineTensors({ scale, center }: Affine, context: Context, stretching: Shape): { gamma: Tensor; beta: Tensor } {
  const fixed = (value: number): Tensor =>
    constant(
      full(
        stretching.map(() => 1),
        value,
      ),
    );
  return {
    gamma: scale ? reshape(context.get('gamma'), stretching) : fixed(1),
    beta: center ? reshape(context.get('beta'), stretching) : fixed(0),
  };
}
