// The page in which times of the backends that browsers have are taken.
import { timesOf } from '../timesOf.ts';

const functions = { timesOf };
export type Functions = typeof functions;

globalThis.testFunctions = functions;
