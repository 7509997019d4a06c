// How ONNX moves windows: strides, dilations, padding by hand or by rule, and windows that reach past the end.
import type { Tensor } from '@nn/core';
import { FormatError, pad, slice } from '@nn/core';
import { NotYet, numbersSetting, optionalNumber, textSetting } from '../config.ts';
import type { OnnxNode } from './node.ts';

/** How a window moves along one axis. */
export interface Motion {
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before and after the elements. */
  readonly before: number;
  readonly after: number;
  /** How far the last window of `ceil_mode` reaches past the padding. */
  readonly overhang: number;
  /** How many places the window has. */
  readonly places: number;
}

/** An attribute with a number for each axis. @throws FormatError when it has another length */
export function perAxis(node: OnnxNode, name: string, length: number, otherwise: number): readonly number[] {
  const list = node.config[name] === undefined ? Array.from({ length }, () => otherwise) : numbersSetting(node, name);
  if (list.length !== length) throw new FormatError(`${node.id}: ${name} has ${list.length} entries; ${length} are needed.`);
  return list;
}

/**
 * The motion along each spatial axis.
 * @param extents of the axes @param windows extents of the window
 */
export function motionsOf(node: OnnxNode, extents: readonly number[], windows: readonly number[]): Motion[] {
  const rank = extents.length;
  const [strides, dilations, pads] = [
    perAxis(node, 'strides', rank, 1),
    perAxis(node, 'dilations', rank, 1),
    perAxis(node, 'pads', 2 * rank, 0),
  ];
  const rule = textSetting(node, 'auto_pad', 'NOTSET');
  const reachesOver = optionalNumber(node, 'ceil_mode', 0) !== 0;
  return extents.map((extent, axis) => {
    const [window, stride, dilation] = [windows[axis]!, strides[axis]!, dilations[axis]!];
    const reach = (window - 1) * dilation + 1;
    const [before, after] = paddingBy(rule, extent, reach, stride) ?? [pads[axis]!, pads[axis + rank]!];
    const rest = before + extent + after - reach;
    const steps = (reachesOver ? Math.ceil : Math.floor)(rest / stride);
    // A window that would begin in the padding after the elements is left out.
    const last = reachesOver && steps * stride >= before + extent ? steps - 1 : steps;
    return { window, stride, dilation, before, after, overhang: Math.max(0, last * stride - rest), places: last + 1 };
  });
}

/** Padding that keeps the extent (divided by the stride), or none; undefined where it is given by hand. */
function paddingBy(rule: string, extent: number, reach: number, stride: number): readonly [number, number] | undefined {
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + reach - extent);
  switch (rule) {
    case 'NOTSET':
      return undefined;
    case 'VALID':
      return [0, 0];
    case 'SAME_UPPER':
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    case 'SAME_LOWER':
      return [Math.ceil(total / 2), Math.floor(total / 2)];
    default:
      throw new NotYet(`auto_pad ${rule}`);
  }
}

/** What lies under each cell of a window that moves along one axis, from the first cell to the last. */
export function underWindow(
  x: Tensor,
  axis: number,
  { window, stride, dilation, before, after, overhang, places }: Motion,
  value: number,
): Tensor[] {
  const at = (number: number): number[] => x.shape.map((_, index) => (index === axis ? number : 0));
  const padded = before + after + overhang === 0 ? x : pad(x, at(before), at(after + overhang), { value });
  return Array.from({ length: window }, (_, cell) => {
    const begin = cell * dilation;
    const end = padded.shape.map((extent, index) => (index === axis ? begin + (places - 1) * stride + 1 : extent));
    return slice(
      padded,
      at(begin),
      end,
      x.shape.map((_extent, index) => (index === axis ? stride : 1)),
    );
  });
}
