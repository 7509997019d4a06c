// Why activations are not part of TensorFlow.js's products: what those make of NaN. For webgl see browser.system.test.ts.
import { createNetwork } from '@nn/core';
import { relu } from '@nn/layers';
import { expect, it } from 'vitest';
import { fusedActivation } from '../testing/fusedActivation.ts';
import { tfjsBackend } from '../tfjsBackend.ts';

it('the fused relu of wasm makes 0 of NaN; a map after the product keeps it', async () => {
  const values = [Number.NaN, -2, 3];
  expect(await fusedActivation('wasm', 'relu', values)).toEqual([0, 0, 3]);
  const backend = await tfjsBackend({ device: 'wasm' });
  const network = await createNetwork({ model: relu(), input: [3], backend });
  expect([...(await network.predict(new Float32Array(values))).data]).toEqual([Number.NaN, 0, 3]);
  await backend.dispose();
});
