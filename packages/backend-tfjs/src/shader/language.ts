// What the two shading languages have in common, and the names in which they differ: code is written once, for both.
import type { ScalarType } from '@nn/core';

/** How a language writes what the kernels here are made of. */
export interface ShadingLanguage {
  /** `f32` or `float`. */
  readonly types: Readonly<Record<ScalarType, string>>;
  /** A name for a value: `let a : f32 = value;` or `float a = value;`. */
  constant(name: string, type: ScalarType, value: string): string;
  /** The same for one that changes. */
  variable(name: string, type: ScalarType, value: string): string;
  /** A function. */
  define(name: string, result: ScalarType, parameters: Readonly<Record<string, ScalarType>>, body: string): string;
  /** `body` for name = 0, 1, … below `count`, which is an expression. */
  repeat(name: string, count: string, body: string): string;
  /** `condition ? a : b` */
  choose(condition: string, a: string, b: string): string;
  /** A finite f32. */
  number(value: number): string;
  /** f32 values that have no literal. */
  readonly special: { readonly nan: string; readonly infinity: string };
  /** Functions that have two names. */
  readonly names: { readonly inverseSqrt: string; readonly round: string };
  /** The element at an index of an input, as its type. */
  read(input: number, index: string, type: ScalarType): string;
  /** The integer of that number, given when the program is run. */
  integer(index: number): string;
  /** The f32 value of that number, given likewise. */
  real(index: number): string;
}

/** A finite number as both languages write it. */
export function literal(value: number): string {
  const text = String(Math.fround(value));
  const written = /[.e]/.test(text) ? text : `${text}.0`;
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0.0' : written})` : written;
}

/** An i32 as both languages write it; the least one has no literal in GLSL. */
export function integerLiteral(value: number): string {
  return value === -(2 ** 31) ? '(-2147483647 - 1)' : value < 0 ? `(${value})` : String(value);
}
