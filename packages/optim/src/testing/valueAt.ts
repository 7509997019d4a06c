// What an option of an optimizer is in a step, for rules that are written out.
import type { Schedule } from '@nn/core';

export const valueAt = (value: number | Schedule, step: number): number => (typeof value === 'function' ? value(step) : value);
