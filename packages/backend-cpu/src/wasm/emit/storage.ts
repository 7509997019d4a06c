// Elements in memory and as vectors: bytes (u8, bool) are widened to 32 bits and back.
import type { DType, ScalarType } from '@nn/core';
import type { Level, Reading, Vector, VectorGraph } from './vectorGraph.ts';

/** Four elements of an input, or one of them four times, as the scalar type under which expressions read them. */
export function readVector(g: VectorGraph, input: number, dtype: DType, reading: Reading, level: Level): Vector {
  switch (dtype) {
    case 'f32':
    case 'i32':
      return g.load(input, reading, 4, level);
    case 'u8':
      return g.op('f32x4.convert_i32x4_s', widened(g, g.load(input, reading, 1, level)));
    case 'bool':
      return g.op('i32x4.ne', widened(g, g.load(input, reading, 1, level)), g.i32(0));
  }
}

function widened(g: VectorGraph, bytes: Vector): Vector {
  return g.op('i32x4.extend_low_i16x8_u', g.op('i16x8.extend_low_i8x16_u', bytes));
}

/** How a vector goes to memory: as a whole, or as the bytes in its first four. */
export interface OutputVector {
  readonly vector: Vector;
  readonly bytes: 1 | 4;
}

export function writtenVector(g: VectorGraph, value: Vector, type: ScalarType): OutputVector {
  if (type !== 'bool') return { vector: value, bytes: 4 };
  const words = g.op('i16x8.narrow_i32x4_s', value, value);
  return { vector: g.and(g.op('i8x16.narrow_i16x8_s', words, words), g.i32(0x01010101)), bytes: 1 };
}
