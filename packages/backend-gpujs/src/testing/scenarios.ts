// What every mode has to stand, by its name: tests in Node and in pages call these.
import { curveOn, heldDuring, loseDevice, movedCurve } from '@nn-tooling/training-scenarios';
import type { DeviceLoss, OpenBackend } from '@nn-tooling/training-scenarios';
import type { GpujsMode } from '../modes.ts';
import { lifetimesOn } from './lifetimes.ts';
import type { Lifetimes } from './lifetimes.ts';
import { openMode } from './open.ts';
import { resizingOn } from './resizing.ts';
import type { Resizing } from './resizing.ts';
import { refusalOn } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import { turnsDuring } from './turns.ts';

const open =
  (mode: GpujsMode): OpenBackend =>
  () =>
    openMode(mode);

export interface Scenarios {
  curve(mode: GpujsMode, steps: number): Promise<number[]>;
  moved(mode: GpujsMode, steps: number): Promise<number[]>;
  held(mode: GpujsMode, steps: number): Promise<number[]>;
  loss(mode: GpujsMode): Promise<DeviceLoss>;
  lifetimes(mode: GpujsMode, turns: number): Promise<Lifetimes>;
  refusal(mode: GpujsMode, turns: number): Promise<Refusal>;
  resizing(mode: GpujsMode, turns: number): Promise<Resizing>;
  turns(mode: GpujsMode): Promise<number>;
}

export const scenarios: Scenarios = {
  curve: (mode, steps) => curveOn(open(mode), steps),
  moved: (mode, steps) => movedCurve([open(mode)], steps),
  held: (mode, steps) => heldDuring(open(mode), steps),
  loss: (mode) => loseDevice(open(mode)),
  lifetimes: (mode, turns) => lifetimesOn(open(mode), turns),
  refusal: (mode, turns) => refusalOn(open(mode), turns),
  resizing: (mode, turns) => resizingOn(open(mode), turns),
  turns: (mode) => turnsDuring(mode),
};
