// Where the matrix is kept, and the golden files are.
import { join } from 'node:path';

export const matrixPath: string = join(import.meta.dirname, '../../matrix.json');
export const documentPath: string = join(import.meta.dirname, '../../../../docs/conformance.md');
export const vectorsPath: string = join(import.meta.dirname, '../../../../packages/conformance/vectors');
