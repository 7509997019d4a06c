// The golden values, the reference and the hard cases, as every backend is held to them; and the same bits on any number of threads.
import { describeBackend } from '@nn/conformance/vitest';
import { cpuBackend } from './cpuBackend.ts';

describeBackend('cpu', () => cpuBackend());

describeBackend('cpu on one thread', () => cpuBackend({ threads: 1 }), {
  peers: { 'two threads': () => cpuBackend({ threads: 2 }), 'three threads': () => cpuBackend({ threads: 3 }) },
});
