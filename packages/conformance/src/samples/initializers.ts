// One of every initializer: typed by what the package exports, so that a new one without a sample does not compile.
import type { Initializer } from '@nn/core';
import type * as initializers from '@nn/initializers';
import {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  orthogonal,
  truncatedNormal,
  uniform,
  varianceScaling,
  zeros,
} from '@nn/initializers';

type InitializerName = {
  [Name in keyof typeof initializers]: (typeof initializers)[Name] extends {
    readonly kind: string;
    readonly rebuild: (...given: never[]) => Initializer;
  }
    ? Name
    : never;
}[keyof typeof initializers];

export const initializerSamples: { readonly [Name in InitializerName]: Initializer } = {
  constant: constant(0.25),
  zeros: zeros(),
  ones: ones(),
  normal: normal({ deviation: 0.5 }),
  truncatedNormal: truncatedNormal({ deviation: 0.5 }),
  uniform: uniform({ low: -1, high: 2 }),
  glorotNormal: glorotNormal(),
  glorotUniform: glorotUniform(),
  heNormal: heNormal(),
  heUniform: heUniform(),
  lecunNormal: lecunNormal(),
  lecunUniform: lecunUniform(),
  orthogonal: orthogonal(),
  identity: identity(),
  varianceScaling: varianceScaling({ scale: 2, mode: 'fanAverage', distribution: 'uniform' }),
};
