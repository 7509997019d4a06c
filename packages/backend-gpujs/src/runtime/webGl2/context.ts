// The WebGL 2 context that gpu.js works in. It would make one with a canvas as large as its largest texture, and make all of that canvas's
// memory anew with every kernel and with every change of a result's extents. Nothing is ever shown there: its canvas is a record of numbers.
import { place } from '../../vendor/place.ts';
import type { GpuSettings } from '../gpu.ts';

/** Undefined when the browser gives no context, as when a page has too many. */
export function webGl2Settings(): Required<Omit<GpuSettings, 'mode'>> | undefined {
  const canvas = place.document === undefined ? new OffscreenCanvas(1, 1) : document.createElement('canvas');
  const context = canvas.getContext('webgl2', { alpha: false, depth: false, antialias: false });
  if (!(context instanceof WebGL2RenderingContext)) return undefined;
  return { canvas: { width: 1, height: 1 }, context };
}

/** All errors that a context has noted since it was asked last. It tells one at a time: one that stayed would be found with later work. */
export function reportedErrors(gl: Pick<WebGL2RenderingContext, 'NO_ERROR' | 'getError'>): number[] {
  const errors: number[] = [];
  for (let error = gl.getError(); error !== gl.NO_ERROR; error = gl.getError()) errors.push(error);
  return errors;
}
