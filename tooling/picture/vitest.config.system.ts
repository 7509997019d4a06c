import { systemProject } from '../vitest/node-project.ts';

export default systemProject(import.meta.dirname, 'system:report');
