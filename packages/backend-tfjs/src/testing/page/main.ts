// The page in which tests run the devices that only browsers have.
import * as scenarios from '../scenarios.ts';

declare global {
  var scenarios: typeof import('../scenarios.ts') | undefined;
}

globalThis.scenarios = scenarios;
