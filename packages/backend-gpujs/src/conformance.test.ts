// The golden values, the reference and the hard cases, as every backend is held to them.
import { describeBackend } from '@nn/conformance/vitest';
import { gpujsBackend } from './gpujsBackend.ts';

describeBackend('gpujs:cpu', () => gpujsBackend({ mode: 'cpu' }));
describeBackend('gpujs:webasm', () => gpujsBackend({ mode: 'webasm' }));
