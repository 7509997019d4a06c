import { nodeProject } from '../../tooling/vitest/node-project.ts';

// packages/conformance has the short name.
export default nodeProject(import.meta.dirname, 'conformance-app');
