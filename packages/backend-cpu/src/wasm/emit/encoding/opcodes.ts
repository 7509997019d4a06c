// Numbers of the WebAssembly instructions that generated code uses, under the names of the specification.

/** Instructions on scalars that take everything from the stack. */
export const scalarOpcodes = {
  'i32.eqz': 0x45,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.le_s': 0x4c,
  'i32.ge_s': 0x4e,
  'f64.eq': 0x61,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_u': 0x6e,
  'i32.rem_u': 0x70,
  'i32.and': 0x71,
  'i32.shr_u': 0x76,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.shl': 0x86,
  'i64.shr_u': 0x88,
  'f64.abs': 0x99,
  'f64.trunc': 0x9d,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'f64.max': 0xa5,
  'f64.copysign': 0xa6,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_u': 0xad,
  'f32.demote_f64': 0xb6,
  'f64.convert_i64_s': 0xb9,
  'f64.promote_f32': 0xbb,
  'i64.reinterpret_f64': 0xbd,
  'f64.reinterpret_i64': 0xbf,
} as const;

/** Instructions on vectors that take everything from the stack. */
export const vectorOpcodes = {
  'i8x16.swizzle': 0x0e,
  'i8x16.splat': 0x0f,
  'i32x4.splat': 0x11,
  'i32x4.eq': 0x37,
  'i32x4.ne': 0x38,
  'i32x4.lt_s': 0x39,
  'i32x4.gt_s': 0x3b,
  'i32x4.le_s': 0x3d,
  'i32x4.ge_s': 0x3f,
  'f32x4.eq': 0x41,
  'f32x4.ne': 0x42,
  'f32x4.lt': 0x43,
  'f32x4.gt': 0x44,
  'f32x4.le': 0x45,
  'f32x4.ge': 0x46,
  'v128.not': 0x4d,
  'v128.and': 0x4e,
  'v128.andnot': 0x4f,
  'v128.or': 0x50,
  'v128.xor': 0x51,
  'v128.bitselect': 0x52,
  'f32x4.demote_f64x2_zero': 0x5e,
  'f64x2.promote_low_f32x4': 0x5f,
  'i8x16.narrow_i16x8_s': 0x65,
  'i8x16.add': 0x6e,
  'f32x4.ceil': 0x67,
  'f32x4.floor': 0x68,
  'f32x4.trunc': 0x69,
  'f32x4.nearest': 0x6a,
  'f64x2.trunc': 0x7a,
  'i16x8.narrow_i32x4_s': 0x85,
  'i16x8.extend_low_i8x16_u': 0x89,
  'i32x4.extend_low_i16x8_u': 0xa9,
  'i32x4.abs': 0xa0,
  'i32x4.neg': 0xa1,
  'i32x4.add': 0xae,
  'i32x4.sub': 0xb1,
  'i32x4.mul': 0xb5,
  'i32x4.min_s': 0xb6,
  'i32x4.max_s': 0xb8,
  'f32x4.abs': 0xe0,
  'f32x4.neg': 0xe1,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f32x4.pmin': 0xea,
  'f32x4.pmax': 0xeb,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  'f64x2.div': 0xf3,
  'f64x2.pmin': 0xf6,
  'f64x2.pmax': 0xf7,
  'i32x4.trunc_sat_f32x4_s': 0xf8,
  'f32x4.convert_i32x4_s': 0xfa,
  'f64x2.convert_low_i32x4_s': 0xfe,
  'f32x4.relaxed_madd': 0x105,
  'i32x4.relaxed_laneselect': 0x10b,
} as const;

/** Shifts of lanes, by a number of bits from the stack. */
export const shiftOpcodes = { 'i32x4.shl': 0xab, 'i32x4.shr_s': 0xac, 'i64x2.shl': 0xcb } as const;

/** Vector instructions whose result is an i32. */
export const testOpcodes = { 'v128.any_true': 0x53 } as const;

/** Vector instructions with a lane as immediate. */
export const laneOpcodes = {
  'i64x2.extract_lane': 0x1d,
  'f32x4.extract_lane': 0x1f,
  'f32x4.replace_lane': 0x20,
  'f64x2.extract_lane': 0x21,
  'f64x2.replace_lane': 0x22,
} as const;

/** Loads and stores of scalars. */
export const scalarMemoryOpcodes = { 'i32.load': 0x28, 'i32.load8_u': 0x2d } as const;

/** Loads and stores of vectors. */
export const vectorMemoryOpcodes = {
  'v128.load': 0x00,
  'v128.load8_splat': 0x07,
  'v128.load32_splat': 0x09,
  'v128.store': 0x0b,
  'v128.load32_zero': 0x5c,
} as const;

/** Stores of one lane. */
export const laneMemoryOpcodes = { 'v128.store8_lane': 0x58, 'v128.store32_lane': 0x5a } as const;

export const controlOpcodes = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  return: 0x0f,
  call: 0x10,
  'local.get': 0x20,
  'local.set': 0x21,
  'i32.const': 0x41,
  'i64.const': 0x42,
  'f64.const': 0x44,
} as const;

/** Comes before every vector instruction. */
export const vectorPrefix = 0xfd;
export const vectorConst = 0x0c;
export const vectorShuffle = 0x0d;

export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

export type ValueType = keyof typeof valueTypes;
export type ScalarOpcode = keyof typeof scalarOpcodes;
export type VectorOpcode = keyof typeof vectorOpcodes;
export type ShiftOpcode = keyof typeof shiftOpcodes;
export type TestOpcode = keyof typeof testOpcodes;
export type LaneOpcode = keyof typeof laneOpcodes;
export type ScalarMemoryOpcode = keyof typeof scalarMemoryOpcodes;
export type VectorMemoryOpcode = keyof typeof vectorMemoryOpcodes;
export type LaneMemoryOpcode = keyof typeof laneMemoryOpcodes;
