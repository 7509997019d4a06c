// The definition of the numbers against numbers computed elsewhere.
import { referenceBackend } from '@nn/backend-reference';
import { describeBackend } from './vitest/index.ts';

describeBackend('reference', () => referenceBackend());
