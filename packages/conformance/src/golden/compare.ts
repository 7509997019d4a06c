// Comparing a result with what is expected of it, element by element.
import type { NdArray } from '@nn/core';
import { sameShape, shapeText, specText } from '@nn/core';
import type { GoldenTensor, GoldenTolerance } from './format.ts';
import { valuesOf } from './format.ts';

/** The smallest normal float32: below it a device may return 0. */
export const smallestNormal = 2 ** -126;

/** The element that is furthest from what is expected, as a part of what is allowed. */
export interface WorstElement {
  /** Flat, row-major. */
  readonly index: number;
  readonly actual: number;
  readonly expected: number;
  /** |actual − expected|; Infinity where one is not finite and the other differs. */
  readonly error: number;
  readonly allowed: number;
}

/** How an array compares: fine unless there is a reason. */
export interface Comparison {
  readonly ok: boolean;
  readonly reason?: string;
  readonly worst?: WorstElement;
}

export interface CompareOptions {
  readonly tolerance: GoldenTolerance;
  /** On both parts of the tolerance: 1 for CPU float32 or better, 4 for WebAssembly and GPUs. */
  readonly factor: number;
  /** A second acceptable value per element. */
  readonly alternative?: GoldenTensor | undefined;
  /** Allowed beside the tolerance, whatever the factor is: what the functions of a shader may be off. */
  readonly room?: number | undefined;
  /** false: elements that should be NaN or infinite may be anything. */
  readonly strictFloat?: boolean | undefined;
}

/** How the results of one backend are compared. */
export type Judging = Pick<CompareOptions, 'factor' | 'strictFloat'>;

/**
 * Whether |actual − expected| ≤ factor · (atol + rtol · |expected|) + room for every element. NaN matches NaN only, an infinity itself only.
 * A 0 is accepted where |expected| is below the normal float32 range (it may be flushed), and the sign of a zero is not compared.
 */
export function compareTensor(actual: NdArray, expected: GoldenTensor, options: CompareOptions): Comparison {
  if (!sameShape(actual.shape, expected.shape)) {
    return { ok: false, reason: `the result is ${specText(actual)}, but ${shapeText(expected.shape)} is expected` };
  }
  const wanted = valuesOf(expected);
  const accepted = options.alternative === undefined ? undefined : valuesOf(options.alternative);
  let worst: WorstElement | undefined;
  for (let index = 0; index < wanted.length; index++) {
    const candidates = accepted === undefined ? [wanted[index]!] : [wanted[index]!, accepted[index]!];
    const element = candidates.map((value) => compareElement(index, actual.data[index]!, value, options)).reduce(nearer);
    if (worst === undefined || share(element) > share(worst)) worst = element;
  }
  if (worst === undefined) return { ok: true };
  if (share(worst) <= 1) return { ok: true, worst };
  const { index, error, allowed } = worst;
  return {
    ok: false,
    worst,
    reason: `element ${index} is ${worst.actual}, but ${worst.expected} is expected (off by ${error}, ${allowed} is allowed)`,
  };
}

/** The error as a part of what is allowed; above 1 it is too large. */
export function share({ error, allowed }: WorstElement): number {
  if (error === 0) return 0;
  return allowed === 0 ? Number.POSITIVE_INFINITY : error / allowed;
}

function nearer(a: WorstElement, b: WorstElement): WorstElement {
  return share(b) < share(a) ? b : a;
}

function compareElement(index: number, actual: number, expected: number, options: CompareOptions): WorstElement {
  const { tolerance, factor, room = 0, strictFloat = true } = options;
  const exact = { index, actual, expected, error: 0, allowed: 0 };
  if (!strictFloat && !Number.isFinite(expected)) return exact;
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) {
    const same = actual === expected || (Number.isNaN(actual) && Number.isNaN(expected));
    return same ? exact : { ...exact, error: Number.POSITIVE_INFINITY };
  }
  const allowed = factor * (tolerance.atol + tolerance.rtol * Math.abs(expected)) + room;
  if (actual === 0 && Math.abs(expected) < smallestNormal) return { ...exact, allowed };
  return { ...exact, error: Math.abs(actual - expected), allowed };
}
