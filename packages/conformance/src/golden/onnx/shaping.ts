// ONNX operators that move elements without changing them.
import type { Tensor } from '@nn/core';
import {
  add,
  alignRight,
  concat,
  equal,
  FormatError,
  gather,
  less,
  normalizeAxes,
  normalizeAxis,
  pad,
  reshape,
  sizeOf,
  slice,
  stretchShapes,
  stretchTo,
  transpose,
  where,
} from '@nn/core';
import { NotYet, numbersSetting, optionalNumber, textSetting } from '../config.ts';
import type { OnnxNode, OnnxOperator } from './node.ts';

/** Numbers that are an input in newer operator sets and an attribute in older ones. */
function listOf(node: OnnxNode, position: number, name: string): readonly number[] | undefined {
  return node.values(position) ?? (node.config[name] === undefined ? undefined : numbersSetting(node, name));
}

function required(node: OnnxNode, position: number, name: string): readonly number[] {
  const list = listOf(node, position, name);
  if (list === undefined) throw new FormatError(`${node.id} has no ${name}.`);
  return list;
}

/** An extent of 0 is that of x, unless zeros are meant. */
function reshapeTo(node: OnnxNode): Tensor {
  const x = node.input(0);
  const copiesZeros = optionalNumber(node, 'allowzero', 0) === 0;
  return reshape(
    x,
    required(node, 1, 'shape').map((extent, axis) => (extent === 0 && copiesZeros ? x.shape[axis]! : extent)),
  );
}

function flatten(node: OnnxNode): Tensor {
  const x = node.input(0);
  const given = optionalNumber(node, 'axis', 1);
  const axis = given === x.shape.length ? given : normalizeAxis(given, x.shape.length, 'axis');
  return reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
}

function squeeze(node: OnnxNode): Tensor {
  const x = node.input(0);
  const given = listOf(node, 1, 'axes');
  const axes = given === undefined ? undefined : normalizeAxes(given, x.shape.length, 'axes');
  return reshape(
    x,
    x.shape.filter((extent, axis) => (axes === undefined ? extent !== 1 : !axes.includes(axis))),
  );
}

function unsqueeze(node: OnnxNode): Tensor {
  const x = node.input(0);
  const given = required(node, 1, 'axes');
  const axes = normalizeAxes(given, x.shape.length + given.length, 'axes');
  const extents = [...x.shape];
  return reshape(
    x,
    Array.from({ length: x.shape.length + given.length }, (_, axis) => (axes.includes(axis) ? 1 : extents.shift()!)),
  );
}

function sliced(node: OnnxNode): Tensor {
  const x = node.input(0);
  const [starts, ends] = [required(node, 1, 'starts'), required(node, 2, 'ends')];
  const axes = (listOf(node, 3, 'axes') ?? starts.map((_, index) => index)).map((axis) => normalizeAxis(axis, x.shape.length, 'axes'));
  const steps = node.values(4) ?? starts.map(() => 1);
  if (steps.some((step) => step < 1)) throw new NotYet('slices backwards');
  const [begin, end, step] = [x.shape.map(() => 0), [...x.shape], x.shape.map(() => 1)];
  axes.forEach((axis, index) => {
    const extent = x.shape[axis]!;
    const clamped = (place: number): number => Math.min(extent, Math.max(0, place < 0 ? place + extent : place));
    begin[axis] = clamped(starts[index]!);
    end[axis] = Math.max(begin[axis], clamped(ends[index]!));
    step[axis] = steps[index]!;
  });
  return slice(x, begin, end, step);
}

/** Negative padding cuts off. */
function padded(node: OnnxNode): Tensor {
  const x = node.input(0);
  const mode = textSetting(node, 'mode', 'constant');
  if (mode !== 'constant') throw new NotYet(`padding of mode ${mode}`);
  const rank = x.shape.length;
  const given = required(node, 1, 'pads');
  const axes = node.values(3)?.map((axis) => normalizeAxis(axis, rank, 'axes')) ?? [...x.shape.keys()];
  const [low, high] = [x.shape.map(() => 0), x.shape.map(() => 0)];
  axes.forEach((axis, index) => {
    [low[axis], high[axis]] = [given[index]!, given[index + axes.length]!];
  });
  const value = node.values(2)?.[0] ?? optionalNumber(node, 'value', 0);
  const cut = slice(
    x,
    low.map((count) => Math.max(0, -count)),
    x.shape.map((extent, axis) => extent - Math.max(0, -high[axis]!)),
  );
  return pad(
    cut,
    low.map((count) => Math.max(0, count)),
    high.map((count) => Math.max(0, count)),
    { value },
  );
}

/** Negative indices count from the end. */
function gathered(node: OnnxNode): Tensor {
  const x = node.input(0);
  const axis = normalizeAxis(optionalNumber(node, 'axis', 0), x.shape.length, 'axis');
  const extent = x.shape[axis]!;
  const indices = node.integers(1);
  const wrapped = where(less(indices, 0), add(indices, extent), indices);
  const found = gather(x, reshape(wrapped, [-1]), axis);
  return reshape(found, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
}

/** To a shape that NumPy's rule makes of both. */
function expanded(node: OnnxNode): Tensor {
  const x = node.input(0);
  const shape = required(node, 1, 'shape');
  const rank = Math.max(x.shape.length, shape.length);
  const target = stretchShapes([alignRight(x.shape, rank), alignRight(shape, rank)], 'Expand');
  return stretchTo(reshape(x, alignRight(x.shape, rank)), target);
}

/** Each element of the result is x's at the same place, but with an index of its own along `axis`. */
function gatheredElements(node: OnnxNode): Tensor {
  const [x, indices] = [node.input(0), node.integers(1)];
  const axis = normalizeAxis(optionalNumber(node, 'axis', 0), x.shape.length, 'axis');
  const extent = x.shape[axis]!;
  const wrapped = where(less(indices, 0), add(indices, extent), indices);
  const chosen = Array.from({ length: extent }, (_, index) => {
    const begin = x.shape.map((_extent, other) => (other === axis ? index : 0));
    const layer = slice(
      x,
      begin,
      indices.shape.map((length, other) => (other === axis ? index + 1 : length)),
    );
    return where(equal(wrapped, index), layer, 0);
  });
  return chosen.reduce((sum, part) => add(sum, part));
}

export const shapingOperators: Readonly<Record<string, OnnxOperator>> = {
  Reshape: reshapeTo,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: (node) => transpose(node.input(0), node.config['perm'] === undefined ? undefined : numbersSetting(node, 'perm')),
  Concat: (node) => concat(node.all(), optionalNumber(node, 'axis', 1)),
  Slice: sliced,
  Pad: padded,
  Gather: gathered,
  GatherElements: gatheredElements,
  Expand: expanded,
};
