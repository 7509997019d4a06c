// The page in which tests run the devices that only browsers have.
import * as all from '../scenarios.ts';
import * as times from '../stepTimes.ts';

declare global {
  var tfjsScenarios: typeof all | undefined;
  var tfjsStepTimes: typeof times | undefined;
}

globalThis.tfjsScenarios = all;
globalThis.tfjsStepTimes = times;
