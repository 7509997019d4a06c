import { expect, it } from 'vitest';
import type { GpuKernelFunction } from '../gpu.ts';
import type { BuildingContext } from './compilation.ts';
import { WebGl2Compilation } from './compilation.ts';

class FakeShader implements WebGLShader {
  readonly compiles: boolean;

  constructor(compiles: boolean) {
    this.compiles = compiles;
  }
}

class FakeProgram implements WebGLProgram {
  readonly links: boolean;

  constructor(links: boolean) {
    this.links = links;
  }
}

const deleteStatus = 0x8b80;

/** A context that writes down what it would have to wait for. */
function fakeContext(): BuildingContext & { readonly waits: string[]; readonly places: Record<string, number> } {
  const waits: string[] = [];
  const places: Record<string, number> = {};
  return {
    waits,
    places,
    COMPILE_STATUS: 0x8b81,
    LINK_STATUS: 0x8b82,
    bindAttribLocation(_program, place, name) {
      places[name] = place;
    },
    getAttribLocation: () => waits.push('getAttribLocation'),
    getProgramInfoLog: () => 'ERROR: too many',
    getProgramParameter: (program) => (program as FakeProgram).links,
    getShaderInfoLog: (shader) => ((shader as FakeShader).compiles ? '' : 'ERROR: 0:1\n\0'),
    getShaderParameter(shader, parameter) {
      if (parameter === deleteStatus) return 'alive';
      waits.push('getShaderParameter');
      return (shader as FakeShader).compiles;
    },
    linkProgram: () => {},
    useProgram: () => waits.push('useProgram'),
  };
}

function kernelOf(fragment: FakeShader, program = new FakeProgram(fragment.compiles)): GpuKernelFunction {
  const kernel = { constructor: {}, build: () => {}, vertShader: new FakeShader(true), fragShader: fragment, program };
  return Object.assign(() => {}, { kernel, setOutput: () => {}, destroy: () => {} });
}

/** What gpu.js does with a context when it builds a kernel. */
function build(gl: BuildingContext, shader: FakeShader): number[] {
  expect(gl.getShaderParameter(shader, gl.COMPILE_STATUS)).toBe(true);
  gl.linkProgram({});
  const places = ['aPos', 'aTexCoord'].map((name) => gl.getAttribLocation({}, name));
  gl.useProgram({});
  return places;
}

it('lets a kernel be built without waiting, and used with waiting', () => {
  const gl = fakeContext();
  const compilation = new WebGl2Compilation(gl);
  compilation.build(() => expect(build(gl, new FakeShader(false))).toEqual([gl.places['aPos'], gl.places['aTexCoord']]));
  expect(gl.places).toEqual({ aPos: 0, aTexCoord: 1 });
  expect(gl.waits).toEqual([]);
  gl.useProgram({});
  expect(gl.waits).toEqual(['useProgram']);
  expect(gl.getShaderParameter(new FakeShader(true), deleteStatus)).toBe('alive');
});

it('uses programs again when a kernel could not be built', () => {
  const gl = fakeContext();
  const compilation = new WebGl2Compilation(gl);
  const fail = (): never => {
    throw new RangeError('too large');
  };
  expect(() => compilation.build(fail)).toThrow('too large');
  gl.useProgram({});
  expect(gl.waits).toEqual(['useProgram']);
});

it('says which of the called kernels failed, and forgets them', () => {
  const gl = fakeContext();
  const compilation = new WebGl2Compilation(gl);
  const [good, bad] = [kernelOf(new FakeShader(true)), kernelOf(new FakeShader(false))];
  compilation.expectCall(good);
  expect(compilation.failure()).toBeUndefined();
  compilation.expectCall(bad);
  expect(compilation.failure()).toBe('ERROR: 0:1');
  expect(compilation.failure()).toBeUndefined();
});

it('says which of the called kernels has shaders that go not together', () => {
  const compilation = new WebGl2Compilation(fakeContext());
  compilation.expectCall(kernelOf(new FakeShader(true), new FakeProgram(false)));
  expect(compilation.failure()).toBe('ERROR: too many');
});

it('does not ask for kernels again that were called without an error', () => {
  const gl = fakeContext();
  const compilation = new WebGl2Compilation(gl);
  compilation.expectCall(kernelOf(new FakeShader(false)));
  compilation.accept();
  expect(compilation.failure()).toBeUndefined();
  expect(gl.waits).toEqual([]);
});
