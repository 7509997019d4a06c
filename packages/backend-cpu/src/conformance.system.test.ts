// The same as conformance.test.ts on one thread, and that more threads give the same bits.
import { describeBackend } from '@nn/conformance/vitest';
import { cpuBackend } from './cpuBackend.ts';

describeBackend('cpu on one thread', () => cpuBackend({ threads: 1 }), {
  peers: { 'two threads': () => cpuBackend({ threads: 2 }), 'three threads': () => cpuBackend({ threads: 3 }) },
});
