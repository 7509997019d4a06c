// A kernel of our own for a device that runs shaders: what it computes for one element of its output.
import type { ScalarType, Shape } from '@nn/core';
import type { VendorDType } from '../vendor/contract.ts';
import type { ShadingLanguage } from './language.ts';

/** Code for one element, at the position `index` of the output in row-major order. */
export interface ShaderProgram {
  /** Tells programs apart: equal keys, equal code. */
  readonly key: string;
  /** How the elements of each input are read. */
  readonly inputs: readonly ScalarType[];
  readonly output: ScalarType;
  /** Integers that a run is given. */
  readonly integers: number;
  /** f32 values that a run is given (default none). */
  readonly reals?: number;
  /** Statements, and the value of the element. */
  code(language: ShadingLanguage): { readonly statements: string; readonly value: string };
}

/** A program with what it is run on. */
export interface ShaderCall {
  readonly program: ShaderProgram;
  readonly integers: readonly number[];
  readonly reals?: readonly number[];
  readonly shape: Shape;
  readonly dtype: VendorDType;
}
