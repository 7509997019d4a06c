// The golden values, the reference and the hard cases on the devices that Node has.
import { describeBackend } from '@nn/conformance/vitest';
import { tfjsBackend } from './tfjsBackend.ts';

describeBackend('tfjs:cpu', () => tfjsBackend({ device: 'cpu' }));
describeBackend('tfjs:wasm', () => tfjsBackend({ device: 'wasm' }));
