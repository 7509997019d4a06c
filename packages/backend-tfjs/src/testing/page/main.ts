// The page in which tests and scripts run the devices that only browsers have.
import { fusedActivation } from '../fusedActivation.ts';
import * as scenarios from '../scenarios.ts';
import * as stepTimes from '../stepTimes.ts';

const all = { ...scenarios, ...stepTimes, fusedActivation };
export type Scenarios = typeof all;

globalThis.testFunctions = all;
