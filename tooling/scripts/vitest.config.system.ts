import { systemProject } from '../../tooling/vitest/node-project.ts';

export default systemProject(import.meta.dirname);
