// The page in which tests run the devices that only browsers have.
import * as all from '../scenarios.ts';

declare global {
  var scenarios: typeof all | undefined;
}

globalThis.scenarios = all;
