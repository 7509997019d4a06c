// The golden values, the reference and the hard cases in the modes that need no GPU.
import { describeBackend } from '@nn/conformance/vitest';
import { gpujsBackend } from './gpujsBackend.ts';

describeBackend('gpujs:cpu', () => gpujsBackend({ mode: 'cpu' }));
describeBackend('gpujs:webasm', () => gpujsBackend({ mode: 'webasm' }), {
  peers: { 'no workers': () => gpujsBackend({ mode: 'webasm', threads: false }) },
});
