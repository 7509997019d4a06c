// The adapters of all ONNX operators that the toolkit can express, by their names.
import type { Adapter } from '../adapter.ts';
import { convolutionOperators } from './convolution.ts';
import { elementwiseOperators } from './elementwise.ts';
import { onnxAdapter } from './node.ts';
import { normalizationOperators } from './normalization.ts';
import { poolingOperators } from './pooling.ts';
import { reductionOperators } from './reductions.ts';
import { shapingOperators } from './shaping.ts';
import { trainingOperators } from './training.ts';

export const onnxAdapters: Readonly<Record<string, Adapter>> = Object.fromEntries(
  Object.entries({
    ...elementwiseOperators,
    ...reductionOperators,
    ...convolutionOperators,
    ...poolingOperators,
    ...normalizationOperators,
    ...trainingOperators,
    ...shapingOperators,
  }).map(([name, operator]) => [name, onnxAdapter(operator)]),
);
