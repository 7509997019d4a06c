// Embedding: a learned row of numbers for each of a number of things.
import type { Context, Initializer, Layer, Tensor, TensorSpec } from '@nn/core';
import { DTypeError, checkInteger, defineFactory, gather, reshape, resolveOptions, sizeOf, specText } from '@nn/core';
import { defaults } from '../defaults.ts';
import { checkInitializer } from '../records.ts';

export interface EmbeddingOptions {
  /** Default `uniform()`, ±0.05. A row is reached by one index, so there are no connections to divide by. */
  readonly kernelInitializer?: Initializer;
}

/**
 * The rows of a table at indices: x i32 [batch, …] → f32 [batch, …, units], y[…, u] = kernel[x[…], u]. Variable: `kernel` [entries,
 * units]. Rows that are not asked for have no gradient. An index below 0 or from `entries` on gives NaN, which the trainer reports.
 * Source: Bengio, Ducharme, Vincent and Jauvin, "A neural probabilistic language model" (2003).
 *
 * @param entries number of rows, 1 or more
 * @param units numbers in a row, 1 or more
 * @throws ConfigError for options out of range; DTypeError for indices that are not i32
 */
export const embedding = defineFactory('embedding', createEmbedding, ({ entries, units, ...options }) =>
  createEmbedding(entries as number, units as number, options),
);

function createEmbedding(entries: number, units: number, options: EmbeddingOptions = {}): Layer {
  checkInteger('embedding', 'entries', entries, { from: 1 });
  checkInteger('embedding', 'units', units, { from: 1 });
  const resolved = resolveOptions('embedding', options, defaults.embedding);
  const { kernelInitializer } = resolved;
  checkInitializer('embedding', 'kernelInitializer', kernelInitializer);
  return Object.freeze({
    kind: 'embedding',
    options: Object.freeze({ entries, units, ...resolved }),
    variables(input: TensorSpec) {
      if (input.dtype !== 'i32') {
        throw new DTypeError(
          `embedding takes indices, i32 [batch, …], but x is ${specText(input)}. ` +
            "Give an Int32Array, and the model's input as { shape: […], dtype: 'i32' }.",
        );
      }
      return { kernel: { shape: [entries, units], dtype: 'f32' as const, role: 'parameter' as const, init: kernelInitializer } };
    },
    apply(x: Tensor, context: Context): Tensor {
      return reshape(gather(context.get('kernel'), reshape(x, [sizeOf(x.shape)])), [...x.shape, units]);
    },
  });
}
