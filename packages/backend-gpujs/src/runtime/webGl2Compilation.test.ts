import { expect, it } from 'vitest';
import type { CompilingContext } from './webGl2Compilation.ts';
import { WebGl2Compilation } from './webGl2Compilation.ts';

class FakeShader implements WebGLShader {
  readonly compiles: boolean;
  isCompiled = false;

  constructor(compiles: boolean) {
    this.compiles = compiles;
  }
}

const deleteStatus = 0x8b80;

function fakeContext(): CompilingContext & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    COMPILE_STATUS: 0x8b81,
    compileShader: (shader) => {
      (shader as FakeShader).isCompiled = (shader as FakeShader).compiles;
    },
    getShaderParameter: (shader, parameter) => {
      asked.push(parameter);
      return parameter === deleteStatus ? 'alive' : (shader as FakeShader).isCompiled;
    },
    getShaderInfoLog: (shader) => ((shader as FakeShader).isCompiled ? '' : 'ERROR: 0:1'),
  };
}

it('says that shaders compiled without waiting, and which did not when it is asked', () => {
  const gl = fakeContext();
  const compilation = new WebGl2Compilation(gl);
  const [good, bad] = [new FakeShader(true), new FakeShader(false)];
  for (const shader of [good, bad]) {
    gl.compileShader(shader);
    expect(gl.getShaderParameter(shader, gl.COMPILE_STATUS)).toBe(true);
  }
  expect(gl.asked).toEqual([]);
  expect(gl.getShaderParameter(bad, deleteStatus)).toBe('alive');
  expect(compilation.failure()).toBe('ERROR: 0:1');
  expect(compilation.failure()).toBe('ERROR: 0:1');
});

it('does not ask for shaders again that were used without an error', () => {
  const gl = fakeContext();
  const compilation = new WebGl2Compilation(gl);
  gl.compileShader(new FakeShader(true));
  compilation.accept();
  expect(compilation.failure()).toBeUndefined();
  expect(gl.asked).toEqual([]);
});
