// The device "webgpu" in Node: the suite on Dawn and a renderer in software.
import { provideWebGpu } from '@nn-tooling/test-env';
import { describeBackend } from '@nn/conformance/vitest';
import { tfjsBackend } from './tfjsBackend.ts';

if (await provideWebGpu()) describeBackend('tfjs:webgpu', () => tfjsBackend({ device: 'webgpu' }));
