// Where the matrix is kept.
import { join } from 'node:path';

export const matrixPath: string = join(import.meta.dirname, '../../matrix.json');
export const documentPath: string = join(import.meta.dirname, '../../../../docs/conformance.md');
