import { nodeProject } from '../vitest/node-project.ts';

export default nodeProject(import.meta.dirname);
