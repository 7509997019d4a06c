// `map` as one shader per expression. What the host knows already, such as the step and what depends on it alone, it computes itself.
import type { Expr, Kernel, MapAttrs, TensorSpec } from '@nn/core';
import { mergeAxes, operandStrides, scalar, scalarTypeOf, sizeOf } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import { hostLength } from '../device/cell.ts';
import { vendorDType } from '../device/runtime.ts';
import { mapLoops } from '../loops/map.ts';
import type { Compute, Prepare } from '../kernels/kernel.ts';
import { deviceKernel } from '../kernels/kernel.ts';
import { GivenConstants } from './constants.ts';
import { expressionCode } from './expression.ts';
import type { ShaderCall } from './program.ts';
import type { ShaderRuntime } from './shaderRuntime.ts';
import { splitExpression } from './split.ts';
import { coordinatesCode, Integers, loopTerms, positionCode, termKey } from './writer.ts';

export function shaderMap(runtime: ShaderRuntime): Prepare<MapAttrs> {
  return ({ attrs: { expression }, inputs, outputs: [output] }) => prepareMap(runtime, expression, inputs, output!);
}

function prepareMap(runtime: ShaderRuntime, expression: Expr, inputs: readonly TensorSpec[], output: TensorSpec): Compute {
  const used = scalar.inputsOf(expression).map(({ index }) => index);
  if (used.length > runtime.maxInputs) {
    const { part, rest } = splitExpression(expression, runtime.maxInputs, inputs.length);
    const spec = partSpec(part, inputs, output);
    const first = prepareMap(runtime, part, inputs, spec);
    const then = prepareMap(runtime, rest, [...inputs, spec], output);
    return (scope, tensors) => then(scope, [...tensors, first(scope, tensors)[0]!]);
  }
  const place = new Map(used.map((index, position) => [index, position]));
  const compact = scalar.mapInputs(expression, (index) => place.get(index)!);
  const call = mapCall(
    compact,
    used.map((index) => inputs[index]!),
    output,
  );
  return (scope, tensors) => [
    runtime.shade(
      scope,
      call,
      used.map((index) => tensors[index]!),
    ),
  ];
}

/** What a part of an expression computes: as large as the inputs it reads. */
function partSpec(part: Expr, inputs: readonly TensorSpec[], output: TensorSpec): TensorSpec {
  const read = scalar.inputsOf(part).map(({ index }) => inputs[index]!.shape);
  const ranked = read.filter((shape) => shape.length > 0);
  const shape =
    ranked.length === 0 ? [] : output.shape.map((_, axis) => ranked.reduce((extent, other) => (extent === 1 ? other[axis]! : extent), 1));
  return { shape, dtype: part.type };
}

function mapCall(expression: Expr, inputs: readonly TensorSpec[], output: TensorSpec): ShaderCall {
  const { shape, dtype } = output;
  const loops = mergeAxes({ shape, strides: inputs.map((input) => operandStrides(input.shape, shape)) });
  const integers = new Integers();
  const [extents, strides] = loopTerms(loops, integers);
  const line = scalar.linearize(expression);
  const constants = new GivenConstants(line.steps, integers);
  const start = { kind: 'literal', value: 0 } as const;
  const types = inputs.map((input) => scalarTypeOf[input.dtype]);
  return {
    shape,
    dtype: vendorDType[dtype],
    integers: integers.values,
    reals: constants.reals,
    program: {
      key: [
        'map',
        line.steps.map((step) => constants.key(step)).join(';'),
        types,
        extents.map(termKey),
        strides.map((list) => list.map(termKey).join(' ')),
      ].join('|'),
      inputs: types,
      output: expression.type,
      integers: integers.values.length,
      reals: constants.reals.length,
      code: (language) => {
        const { statements, value } = expressionCode(line, constants, language, (input, type) =>
          language.read(input, positionCode(start, strides[input]!, language), type),
        );
        return { statements: `${coordinatesCode(extents, language)}\n${statements}`, value };
      },
    },
  };
}

/** The kernel: on the host where that knows all inputs and the result is small, otherwise on the device. */
export function shaderMapKernel(runtime: ShaderRuntime): Kernel<Cell, MapAttrs> {
  const onDevice = deviceKernel(runtime, shaderMap(runtime));
  return (call) => {
    const run = onDevice(call);
    const [output] = call.outputs;
    const length = output === null || output === undefined ? 0 : sizeOf(output.shape);
    if (length === 0 || length > hostLength || call.attrs.expression.type === 'bool') return run;
    const compute = mapLoops(call);
    return (inputs, outputs) => {
      const arrays = inputs.map(({ host }) => host);
      if (arrays.includes(undefined)) return run(inputs, outputs);
      const values = output!.dtype === 'i32' ? new Int32Array(length) : new Float32Array(length);
      compute(arrays as readonly (typeof values)[], values);
      outputs[0]!.take(runtime.backend.write(values, [length], vendorDType[output!.dtype]), values.slice());
    };
  };
}
