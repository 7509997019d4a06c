// Ops about indices: gather, scatterAdd, iota; and random numbers, which are a function of indices.
import { fillUniform, streamKey, stridesOf } from '@nn/core';
import { rowsOf } from '../loops/axes.ts';
import { copyRange } from '../loops/copy.ts';
import { aroundAxis } from './kernel.ts';
import type { CpuKernel } from './kernel.ts';

export const gatherKernel: CpuKernel<'gather'> = ({ attrs: { axis }, inputs }) => {
  const { outer, extent, inner } = aroundAxis(inputs[0]!.shape, axis);
  const missing = inputs[0]!.dtype === 'f32' ? Number.NaN : 0;
  return ([x, indices], [output]) => {
    let target = 0;
    for (let o = 0; o < outer; o++) {
      for (let entry = 0; entry < indices!.length; entry++, target += inner) {
        const index = indices![entry]!;
        if (index >= 0 && index < extent) copyRange(x!, (o * extent + index) * inner, output!, target, inner);
        else output!.fill(missing, target, target + inner);
      }
    }
  };
};

export const scatterAddKernel: CpuKernel<'scatterAdd'> = ({ attrs: { axis, extent }, inputs }) => {
  const { outer, inner } = aroundAxis(inputs[0]!.shape, axis);
  return ([updates, indices], [output]) => {
    output!.fill(0);
    let source = 0;
    for (let o = 0; o < outer; o++) {
      for (let entry = 0; entry < indices!.length; entry++, source += inner) {
        const index = indices![entry]!;
        if (index < 0 || index >= extent) continue;
        const target = (o * extent + index) * inner;
        for (let element = 0; element < inner; element++) output![target + element]! += updates![source + element]!;
      }
    }
  };
};

export const iotaKernel: CpuKernel<'iota'> = ({ attrs: { shape, axis } }) => {
  // The "source" of each element is its index: an operand that steps by one along the axis and stands still along the others.
  const { count, length, starts, strides } = rowsOf({
    shape,
    strides: [shape.map((_, other) => (other === axis ? 1 : 0)), stridesOf(shape)],
  });
  return (_, [output]) => {
    for (let row = 0; row < count; row++) {
      let index = starts[0]![row]!;
      let target = starts[1]![row]!;
      for (let element = 0; element < length; element++, index += strides[0]!, target += strides[1]!) output![target] = index;
    }
  };
};

export const uniformKernel: CpuKernel<'uniform'> = ({ attrs: { path, call } }) => {
  return ([seed, step], [output]) => fillUniform(streamKey(seed![0]! >>> 0, path, call, step![0]! >>> 0), output as Float32Array);
};
