// Names, near misses, packages that are not there.
import type { Backend } from '@nn/core';
import { BackendError, ConfigError, run, sum } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { makeBackend } from './backendNamed.ts';
import type { BackendGrants } from './table.ts';
import { backendNamed, backendNames } from './index.ts';

describe('backendNamed', () => {
  it.each(backendNames.filter((name) => !/:web(gl|gpu)/.test(name)))('makes "%s", which computes', async (name) => {
    const backend = await backendNamed(name);
    expect(backend.name).toBe(name);
    expect((await run(backend, (x) => sum(x), [1, 2, 3])).item()).toBe(6);
    await backend.dispose();
  });

  it('passes on what a device lacks', async () => {
    await expect(backendNamed('tfjs:webgl')).rejects.toThrow('WebGL exists in browsers only');
    await expect(backendNamed('tfjs:webgl')).rejects.toMatchObject({ code: 'backend.unavailable' });
  });

  it('refuses a name that does not exist, and says which is near and which there are', async () => {
    await expect(backendNamed('cpi')).rejects.toThrow(
      `There is no backend "cpi". Did you mean "cpu"? Backends are ${backendNames.join(', ')}.`,
    );
    await expect(backendNamed('toString')).rejects.toThrow(ConfigError);
    await expect(backendNamed('cpu:turbo')).rejects.toThrow('"cpu" comes as cpu.');
  });

  it('says what to install when a package is missing', async () => {
    const name: string = '@nn/backend-quantum';
    const missing = { package: name, load: () => import(/* @vite-ignore */ name) };
    const failure = makeBackend('quantum', { quantum: missing });
    await expect(failure).rejects.toThrow(
      'Backend "quantum" could not be loaded: is @nn/backend-quantum installed? npm install @nn/backend-quantum',
    );
    await expect(failure).rejects.toMatchObject({ code: 'backend.unavailable', cause: expect.any(Error) as unknown });
  });

  it('grants nothing unless told, and passes on what is granted', async () => {
    const granted: unknown[] = [];
    const create = (grants: BackendGrants): Promise<Backend> => {
      granted.push(grants);
      return backendNamed('reference');
    };
    const table = { mine: { package: 'mine', load: async () => create } };
    await makeBackend('mine', table);
    await makeBackend('mine', table, { experimentalV8Flags: true });
    expect(granted).toEqual([{}, { experimentalV8Flags: true }]);
  });

  it('passes on the refusal of a device as it is', async () => {
    const refusal = new BackendError('No adapter.', 'backend.unavailable');
    const create = (): never => {
      throw refusal;
    };
    await expect(makeBackend('gpu', { gpu: { package: '@nn/backend-gpu', load: async () => create } })).rejects.toBe(refusal);
  });
});
