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

/** Vitest needs the rest of the process. */
function stubProcess(versions: { readonly node?: string }, getBuiltinModule: (() => typeof v8) | undefined): void {
  vi.stubGlobal('process', Object.create(process, { versions: { value: versions }, getBuiltinModule: { value: getBuiltinModule } }));
}

it.each([
  ['20.20.2', ['--experimental-wasm-relaxed-simd']],
  ['22.5.0', []],
  ['24.0.0', ['--experimental-wasm-revectorize']],
  ['26.1.0', ['--experimental-wasm-revectorize']],
])('Node %s', (node, flags) => {
  stubProcess({ node }, () => v8);
  expect(setExperimentalFlags()).toEqual(flags);
  expect(set.mock.calls.flat()).toEqual(flags);
});

it('none elsewhere', () => {
  stubProcess({}, undefined);
  expect(setExperimentalFlags()).toEqual([]);
});

it('none unbidden', async () => {
  const backend = await cpuBackend({ threads: 1 });
  expect(set).not.toHaveBeenCalled();
  expect(backend.capabilities.notes).toEqual([]);
  await backend.dispose();
});
