// The peer, and what it lists and does not need.
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { loadGpuLibrary } from './loadGpuLibrary.ts';

it('gpu.js runs without the old package "webgpu" that it lists', async () => {
  const { resolve } = createRequire(import.meta.url);
  const fromLibrary = createRequire(resolve('gpu.js'));
  expect(() => fromLibrary.resolve('webgpu')).toThrow(/Cannot find module/);
  const { GPU } = await loadGpuLibrary();
  expect(GPU.isWebAssemblySupported).toBe(true);
});
