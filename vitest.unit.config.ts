// The quick tests of all packages at once, which is much faster than one package after the other.
import { unitTests } from './tooling/vitest/node-project.ts';

export default unitTests(import.meta.dirname);
