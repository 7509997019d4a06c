// Programs of our own on the device "webgpu", compiled without what TensorFlow.js puts in front of each: that takes as long to compile as
// many of them.
import type { ScalarType } from '@nn/core';
import { helpersFor } from '../shader/functions.ts';
import type { ShaderProgram } from '../shader/program.ts';
import { inputName, integerName, realName, wgsl } from '../shader/wgsl.ts';

const workgroupSize = 64;

/** How elements lie in a buffer. */
const elementTypes = { f32: 'f32', i32: 'i32', bool: 'i32' } as const satisfies Record<ScalarType, string>;

/** Each program is compiled once. */
export class WebGpuPipelines {
  readonly #device: GPUDevice;
  readonly #compiled = new Map<string, GPUComputePipeline>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** What a dispatch with a thread for each of `length` elements takes. */
  forElements(
    program: ShaderProgram,
    length: number,
  ): { readonly pipeline: GPUComputePipeline; readonly dispatch: [number, number, number] } {
    let pipeline = this.#compiled.get(program.key);
    if (pipeline === undefined) this.#compiled.set(program.key, (pipeline = this.#compile(program)));
    const groups = Math.ceil(length / workgroupSize);
    const row = Math.min(groups, this.#device.limits.maxComputeWorkgroupsPerDimension);
    return { pipeline, dispatch: [row, Math.ceil(groups / row), 1] };
  }

  #compile(program: ShaderProgram): GPUComputePipeline {
    const label = `nn ${program.key}`;
    const module = this.#device.createShaderModule({ code: shaderOf(program), label });
    return this.#device.createComputePipeline({ compute: { module, entryPoint: 'main' }, layout: 'auto', label });
  }
}

/** All arrays are flat, and each thread computes one element. Bindings and numbers are those of `RecordedProgram`. */
function shaderOf(program: ShaderProgram): string {
  const { statements, value } = program.code(wgsl);
  const { inputs, output, integers, reals = 0 } = program;
  const names = (count: number, name: (index: number) => string): string[] => Array.from({ length: count }, (_, index) => name(index));
  const buffers = [...inputs.map((_, input) => inputName(input)), 'result'];
  const numbers = [
    'NAN : f32',
    'INFINITY : f32',
    ...buffers.flatMap((name) => [`shapeOf${name} : i32`, `stridesOf${name} : i32`]),
    'size : i32',
    ...names(integers, (index) => `${integerName(index)} : i32`),
    ...names(reals, (index) => `${realName(index)} : f32`),
  ];
  const main = `
@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(workgroup_id) group : vec3<u32>,
  @builtin(num_workgroups) groups : vec3<u32>,
  @builtin(local_invocation_index) place : u32,
) {
  let index : i32 = i32((group.y * groups.x + group.x) * ${workgroupSize}u + place);
  if (index < uniforms.size) {
    ${statements}
    result[index] = ${output === 'bool' ? `select(0, 1, ${value})` : value};
  }
}`;
  return [
    `struct Uniforms { ${numbers.join(', ')} };`,
    `@group(0) @binding(0) var<storage, read_write> result : array<${elementTypes[output]}>;`,
    ...inputs.map(
      (type, input) => `@group(0) @binding(${input + 1}) var<storage, read> ${inputName(input)} : array<${elementTypes[type]}>;`,
    ),
    `@group(0) @binding(${inputs.length + 1}) var<uniform> uniforms : Uniforms;`,
    helpersFor(wgsl, main),
    main,
  ].join('\n');
}
