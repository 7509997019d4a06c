// Values are arrays of JavaScript: the modes cpu and webasm.
import { flatResult } from './floats.ts';
import type { Runner } from './runner.ts';

export const arrayRunner: Runner<Float32Array<ArrayBuffer>> = {
  keepsResults: false,
  upload: (values) => values,
  call: (kernel, operands, length) => flatResult(kernel(...operands), length),
  read: (value) => value.slice(),
  free: () => {},
  expectPresent: () => {},
  dispose: () => {},
};
