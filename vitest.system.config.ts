// The long tests of all packages at once. The processes that run them keep what the reference says of the suite's cases from file to file.
import { systemTests } from './tooling/vitest/node-project.ts';

export default systemTests(import.meta.dirname);
