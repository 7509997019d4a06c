// WebGPU in Node: an adapter is found, and a shader computes.
import { expect, test } from 'vitest';
import { noWebGpu, provideWebGpu } from './index.ts';

const shader = `
  @group(0) @binding(0) var<storage, read_write> values: array<f32>;
  @compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { values[id.x] = values[id.x] * 2; }
`;

// As the WebGPU specification numbers them; TypeScript's library has the types without the constants.
const [mapRead, copySource, copyDestination, storageUse] = [1, 4, 8, 128];

test('shaders compute', async ({ skip }) => {
  if (!(await provideWebGpu())) return skip(noWebGpu);
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const storage = device.createBuffer({ size: 16, usage: storageUse | copySource | copyDestination });
  const staging = device.createBuffer({ size: 16, usage: mapRead | copyDestination });
  device.queue.writeBuffer(storage, 0, new Float32Array([1, 2, 3, 4]));
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module: device.createShaderModule({ code: shader }) } });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: storage }] }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(storage, 0, staging, 0, 16);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(mapRead);
  expect([...new Float32Array(staging.getMappedRange())]).toEqual([2, 4, 6, 8]);
  device.destroy();
}, 300_000);
