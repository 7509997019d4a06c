// The page in which tests run the modes that browsers have.
import { scenarios } from '../scenarios.ts';
import type { Scenarios } from '../scenarios.ts';

declare global {
  var scenarios: Scenarios | undefined;
}

globalThis.scenarios = scenarios;
