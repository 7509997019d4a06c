// What a variant becomes.
import { referenceBackend } from '@nn/backend-reference';
import { ConfigError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { withVariant } from './backends.ts';
import type { Factory } from './backends.ts';

/** A factory that knows some options, and the options it is called with. */
function factoryWith(...known: readonly string[]): { readonly factory: Factory; readonly calls: object[] } {
  const calls: object[] = [];
  const factory: Factory = (options = {}) => {
    const unknown = Object.keys(options).find((name) => !known.includes(name));
    if (unknown !== undefined) throw new ConfigError(`no ${unknown}`, 'config.unknown');
    calls.push(options);
    return referenceBackend();
  };
  return { factory, calls };
}

describe('withVariant', () => {
  it.each<[string, readonly string[], string | undefined, object]>([
    ['nothing', ['device'], undefined, { threads: 1 }],
    ['a device', ['device', 'mode', 'threads'], 'webgpu', { device: 'webgpu', threads: 1 }],
    ['a mode', ['mode', 'threads'], 'webasm', { mode: 'webasm', threads: 1 }],
    ['options', ['size', 'fast', 'path', 'threads'], 'size=1e3,fast=true,path=a', { size: 1000, fast: true, path: 'a', threads: 1 }],
    ['another value of what is asked for', ['threads'], 'threads=4', { threads: 1 }],
  ])('asks for %s', async (_, known, variant, expected) => {
    const { factory, calls } = factoryWith(...known, 'threads');
    await withVariant(factory, variant)({ threads: 1 });
    expect(calls).toEqual([expected]);
  });

  it('fails where the factory knows neither', async () => {
    await expect(withVariant(factoryWith('size').factory, 'webgpu')({})).rejects.toThrow('no mode');
  });
});
