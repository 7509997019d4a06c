// The golden values, the reference and the hard cases, as every backend is held to them.
import { describeBackend } from '@nn/conformance/vitest';
import { cpuBackend } from './cpuBackend.ts';

describeBackend('cpu', () => cpuBackend());
