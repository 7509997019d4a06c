// Runs nn programs on the devices of TensorFlow.js.
export { tfjsBackend } from './tfjsBackend.ts';
export type { TfjsOptions } from './tfjsBackend.ts';
export type { DeviceName } from './vendor/contract.ts';
export { variablesFromLayersModel } from './bridge/layersModel.ts';
export type { LayersModelLike } from './bridge/layersModel.ts';
