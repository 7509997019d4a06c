// Starting values: made on the host, the same bits every time, and the same bits on the device.
import { NdArray, streamKey } from '@nn/core';
import { initializerSamples } from '../samples/initializers.ts';
import type { ConformanceCase } from './contract.ts';

const shape = [7, 5];
const fans = { fanIn: 7, fanOut: 5 };

/** A case per initializer. */
export function initializerCases(seed: number): ConformanceCase[] {
  return Object.entries(initializerSamples).map(([name, { fill }]) => ({
    id: `forward/initializer ${name}/the same bits on the device`,
    level: 'forward',
    subject: `initializer ${name}`,
    tier: 'quick',
    async run({ backend }) {
      const start = (): Float32Array => fill(shape, fans, streamKey(seed, 'dense1/kernel', 0, 0));
      const expected = start();
      const store = await backend.createStore({ kernel: new NdArray(start(), shape, 'f32') });
      const read = await store.read('kernel');
      await store.dispose();
      const wrong = expected.findIndex((value, index) => value !== read.data[index]);
      if (wrong < 0) return { measured: 0, allowed: 0 };
      return { reason: `element ${wrong} is ${read.data[wrong]}, but ${expected[wrong]} is expected` };
    },
  }));
}
