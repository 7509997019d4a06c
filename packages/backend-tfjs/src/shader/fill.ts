// One value everywhere, as a shader.
import type { TensorSpec } from '@nn/core';
import { scalarTypeOf } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Compute } from '../kernels/kernel.ts';
import type { ShadingLanguage } from './language.ts';
import type { ShaderCall } from './program.ts';
import type { ShaderRuntime } from './shaderRuntime.ts';
import { wgsl } from './wgsl.ts';

/** @param filler the code of the value */
export function filled(runtime: ShaderRuntime, { shape, dtype }: TensorSpec, filler: (language: ShadingLanguage) => string): Compute {
  const output = scalarTypeOf[dtype];
  const call: ShaderCall = {
    shape,
    dtype: vendorDType[dtype],
    integers: [],
    program: {
      key: `fill|${output}|${filler(wgsl)}`,
      inputs: [],
      output,
      integers: 0,
      code: (language) => ({ statements: '', value: filler(language) }),
    },
  };
  return (scope) => [runtime.shade(scope, call, [])];
}
