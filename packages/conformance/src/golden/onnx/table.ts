// The adapters of all ONNX operators that the toolkit can express, by their names.
import type { Adapter } from '../adapter.ts';
import { elementwiseOperators } from './elementwise.ts';
import { onnxAdapter } from './node.ts';
import { normalizationOperators } from './normalization.ts';
import { reductionOperators } from './reductions.ts';
import { shapingOperators } from './shaping.ts';
import { trainingOperators } from './training.ts';
import { windowOperators } from './windows.ts';

export const onnxAdapters: Readonly<Record<string, Adapter>> = Object.fromEntries(
  Object.entries({
    ...elementwiseOperators,
    ...reductionOperators,
    ...windowOperators,
    ...normalizationOperators,
    ...trainingOperators,
    ...shapingOperators,
  }).map(([name, operator]) => [name, onnxAdapter(operator)]),
);
