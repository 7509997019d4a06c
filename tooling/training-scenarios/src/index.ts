// A training that backends on devices are held to, and what may happen to it. Pages can run all of it.
export { curveOn, heldDuring, loseDevice, movedCurve } from './scenarios.ts';
export type { DeviceLoss, OpenBackend, OpenedBackend } from './scenarios.ts';
export { newTrainer, train, trainingSteps } from './training.ts';
export { median, operationTimesOn, stepTimeOn, timedModels, timedOperations } from './times.ts';
export type { TimedModel } from './times.ts';
