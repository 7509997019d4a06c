// The page in which tests run the modes that browsers have.
import { scenarios } from '../scenarios.ts';

globalThis.testFunctions = scenarios;
