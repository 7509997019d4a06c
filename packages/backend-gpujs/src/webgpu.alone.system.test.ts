// The mode "webgpu" in Node: the suite on Dawn and a renderer in software.
import { provideWebGpu } from '@nn-tooling/test-env';
import { describeBackend } from '@nn/conformance/vitest';
import { describe } from 'vitest';
import { gpujsBackend } from './gpujsBackend.ts';

describe.runIf(await provideWebGpu())('WebGPU', () => {
  describeBackend('gpujs:webgpu', () => gpujsBackend({ mode: 'webgpu' }));
});
