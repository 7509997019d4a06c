// Flags of V8 are set when they are asked for, and only those that an engine has.
import v8 from 'node:v8';
import { afterEach, expect, it, vi } from 'vitest';
import { cpuBackend } from '../cpuBackend.ts';
import { setExperimentalFlags } from './engineFlags.ts';

const set = vi.spyOn(v8, 'setFlagsFromString').mockImplementation(() => {});

afterEach(() => {
  vi.unstubAllGlobals();
  set.mockClear();
});

it.each([
  ['20.20.2', ['--experimental-wasm-relaxed-simd']],
  ['22.5.0', []],
  ['24.0.0', ['--experimental-wasm-revectorize']],
  ['26.1.0', ['--experimental-wasm-revectorize']],
])('Node %s', (node, flags) => {
  vi.stubGlobal('process', { versions: { node }, getBuiltinModule: () => v8 });
  expect(setExperimentalFlags()).toEqual(flags);
  expect(set.mock.calls.flat()).toEqual(flags);
});

it('none elsewhere', () => {
  vi.stubGlobal('process', undefined);
  expect(setExperimentalFlags()).toEqual([]);
});

it('none unbidden', async () => {
  const backend = await cpuBackend({ threads: 1 });
  expect(set).not.toHaveBeenCalled();
  expect(backend.capabilities.notes).toEqual([]);
  await backend.dispose();
});
