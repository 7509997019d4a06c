import { nodeProject } from '../../tooling/vitest/node-project.ts';

export default nodeProject(import.meta.dirname, 'conformance-app');
