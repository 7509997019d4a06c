// `matmul` by TensorFlow.js's BatchMatMul, which is right for equal batches and for one matrix against many, and for nothing else.
import type { MatmulAttrs, Shape, TensorSpec } from '@nn/core';
import { sizeOf } from '@nn/core';
import type { Runtime, Scope } from '../device/runtime.ts';
import type { TensorInfo } from '../vendor/contract.ts';
import type { Prepare } from './kernel.ts';
import type { Stretch } from './stretch.ts';

/**
 * @param stretch repeats an operand along axes of extent 1, for batches that stretch in more than one way
 */
export function matmul(runtime: Runtime, stretch: Stretch): Prepare<MatmulAttrs> {
  return ({ attrs: { transposeA, transposeB }, inputs, outputs: [output] }) => {
    const { shape } = output!;
    const batch = shape.slice(0, -2);
    const operands = (inputs as readonly [TensorSpec, TensorSpec]).map((spec) => operandOf(spec, batch, stretch));
    const inner = inputs[0]!.shape.at(transposeA ? -2 : -1)!;
    if (inner === 0) return (scope) => [scope.upload(new Float32Array(sizeOf(shape)), shape, 'float32')];
    // On wasm only products of single matrices as they lie in memory are fast: a transposed one is turned first.
    const turns = runtime.name === 'wasm' && sizeOf(batch) === 1;
    return (scope, tensors) => {
      const [a, b] = tensors.map((tensor, index) => operands[index]!(scope, tensor)) as [TensorInfo, TensorInfo];
      if (!turns) return [scope.run('BatchMatMul', { a, b }, { transposeA, transposeB })];
      const [left, right] = [transposeA ? turned(scope, a) : a, transposeB ? turned(scope, b) : b];
      return [scope.run('BatchMatMul', { a: left, b: right }, { transposeA: false, transposeB: false })];
    };
  };
}

function turned(scope: Scope, x: TensorInfo): TensorInfo {
  return scope.run('Transpose', { x }, { perm: [0, 2, 1] });
}

/** An operand as [batch, rows, columns], where batch is that of the result, or 1. */
function operandOf({ shape }: TensorSpec, batch: Shape, stretch: Stretch): (...given: Parameters<ReturnType<Stretch>>) => TensorInfo {
  const matrix = shape.slice(-2);
  const own = shape.slice(0, -2);
  if (own.every((extent, axis) => extent === batch[axis]) || own.every((extent) => extent === 1)) {
    const flat = [sizeOf(own), ...matrix];
    return (_scope, tensor) => ({ ...tensor, shape: flat });
  }
  const stretched = stretch(shape, [...batch, ...matrix]);
  const flat = [sizeOf(batch), ...matrix];
  return (scope, tensor) => ({ ...stretched(scope, tensor), shape: flat });
}
