import { afterEach, expect, it, vi } from 'vitest';
import { modes } from './modes.ts';
import type { GpuLibrary } from './runtime/gpu.ts';
import { loadGpuLibrary } from './vendor/loadGpuLibrary.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('WebGL 2 is not available where a page gets no context, so that another mode can be', async () => {
  const real = await loadGpuLibrary();
  class BrowserGpu extends real.GPU {
    static override readonly isWebGL2Supported = true;
    static override readonly isSinglePrecisionSupported = true;
  }
  const library: GpuLibrary = { GPU: BrowserGpu, input: real.input };
  const getContext = vi.fn<(kind: string) => object | null>(() => null);
  class FakeContext {
    readonly kind = 'webgl2';
  }
  vi.stubGlobal('WebGL2RenderingContext', FakeContext);
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      readonly getContext = getContext;
    },
  );
  expect(await modes.webgl2.available(library)).toEqual({ reason: expect.stringContaining('too many') as unknown });
  getContext.mockReturnValueOnce(new FakeContext());
  expect(await modes.webgl2.available(library)).toMatchObject({ notes: [], settings: { context: expect.any(FakeContext) as unknown } });
});
