// Datasets, batching, shuffling, standardization and MNIST for nn.
export type { Batch, BatchOptions, BatchSource, LastBatch } from './batching.ts';
export { batchPlan } from './batching.ts';
export { checkFinite } from './checks.ts';
export type { DatasetArrays } from './dataset.ts';
export { Dataset } from './dataset.ts';
export type { IdxOptions } from './idx/parse.ts';
export { parseIdx } from './idx/parse.ts';
export { readIdx } from './idx/read.ts';
export { checkLabels, oneHot } from './labels.ts';
export type { MnistOptions } from './mnist/load.ts';
export { loadMnist, loadMnistSplit } from './mnist/load.ts';
export { Samples } from './samples.ts';
export type { DataSource } from './sources.ts';
export { dataset } from './sources.ts';
export type { Standardization, Standardizer } from './standardizer.ts';
export { standardization, standardizer } from './standardizer.ts';
export type { BatchLike, BatchStream, StreamEpoch, StreamOptions } from './stream.ts';
export { StreamDataset } from './stream.ts';
