// The golden values, the reference and the hard cases, as every backend is held to them, in the modes that Node has.
import { provideWebGpu } from '@nn-tooling/test-env';
import { describeBackend } from '@nn/conformance/vitest';
import { describe } from 'vitest';
import { gpujsBackend } from './gpujsBackend.ts';

describeBackend('gpujs:cpu', () => gpujsBackend({ mode: 'cpu' }));
describeBackend('gpujs:webasm', () => gpujsBackend({ mode: 'webasm' }), {
  peers: { 'no workers': () => gpujsBackend({ mode: 'webasm', threads: false }) },
});
describe.runIf(await provideWebGpu())('WebGPU', () => {
  describeBackend('gpujs:webgpu', () => gpujsBackend({ mode: 'webgpu' }));
});
