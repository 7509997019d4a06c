// Values are arrays of JavaScript: the modes cpu and webasm.
import { breathing } from './breathing.ts';
import { flatResult } from './floats.ts';
import type { Runner } from './runner.ts';

export function arrayRunner(): Runner<Float32Array<ArrayBuffer>> {
  return {
    keepsResults: false,
    upload: (values) => values,
    call: (kernel, operands, length) => flatResult(kernel(...operands), length),
    read: (value) => value.slice(),
    pause: breathing(),
    free: () => {},
    destroy: (kernel) => kernel.destroy(),
    expectPresent: () => {},
    dispose: () => {},
  };
}
