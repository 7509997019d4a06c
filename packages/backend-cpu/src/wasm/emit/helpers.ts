// Functions of scalars that generated kernels call for lanes which vector instructions cannot serve. A module has those it calls.
import type { Local, Signature } from './encoding/functionBuilder.ts';
import { FunctionBuilder } from './encoding/functionBuilder.ts';
import { largestPlainAngle } from './functions/trigonometric.ts';
import type { HelperName } from './vectorGraph.ts';

interface Helper {
  readonly signature: Signature;
  readonly build: (code: FunctionBuilder, ...parameters: Local[]) => void;
}

const helpers: Readonly<Record<HelperName, Helper>> = {
  floorModulo: { signature: { parameters: ['f32', 'f32'], results: ['f32'] }, build: floorModulo },
  reduceAngle: { signature: { parameters: ['f64'], results: ['f64'] }, build: reduceAngle },
};

export function buildHelper(name: HelperName): FunctionBuilder {
  const { signature, build } = helpers[name];
  const code = new FunctionBuilder(signature);
  build(code, ...code.parameters);
  return code;
}

const mantissaBits = 52n;
const mantissaMask = (1n << mantissaBits) - 1n;
const exponentMask = 0x7ffn << mantissaBits;
const exponentBias = 1023;

/**
 * a − b·⌊a/b⌋ without rounding errors before the last step. From |a| it takes multiples of a step |b|·2ᵏ that keeps the quotient below
 * 2²¹: then quotient · step is exact in f64, and the quotient is never rounded up to an integer.
 */
function floorModulo(code: FunctionBuilder, a: Local, b: Local): void {
  const [dividend, divisor, rest, step, scale] = [0, 1, 2, 3, 4].map(() => code.local('f64')) as [Local, Local, Local, Local, Local];
  const { apply } = code;
  code.assign(dividend, apply('f64.promote_f32', a));
  code.assign(rest, apply('f64.abs', dividend));
  code.assign(divisor, apply('f64.abs', apply('f64.promote_f32', b)));
  const hasRemainder = apply('i32.and', apply('f64.lt', rest, Infinity), apply('f64.gt', divisor, 0));
  code.if(apply('i32.eqz', hasRemainder), () => code.return(apply('f32.demote_f64', () => code.push(NaN, 'f64'))));

  code.block((done) =>
    code.loop((next) => {
      code.branchIf(done, apply('f64.lt', rest, divisor));
      const quotientBits = apply('i64.reinterpret_f64', apply('f64.div', rest, divisor));
      const powerOfTwo = apply('f64.reinterpret_i64', apply('i64.and', quotientBits, exponentMask));
      code.assign(scale, apply('f64.mul', powerOfTwo, 2 ** -20));
      code.assign(step, apply('f64.mul', divisor, apply('f64.max', scale, 1)));
      code.assign(rest, apply('f64.sub', rest, apply('f64.mul', step, apply('f64.trunc', apply('f64.div', rest, step)))));
      code.branch(next);
    }),
  );

  // The remainder has the sign of a; the result, zero included, that of b.
  code.assign(divisor, apply('f64.promote_f32', b));
  code.assign(dividend, apply('f64.copysign', rest, dividend));
  const isZero = apply('f64.eq', rest, 0);
  const differs = apply('f64.lt', apply('f64.mul', apply('f64.copysign', 1, dividend), apply('f64.copysign', 1, divisor)), 0);
  code.if(
    isZero,
    () => code.assign(dividend, apply('f64.copysign', 0, divisor)),
    () => code.if(differs, () => code.assign(dividend, apply('f64.add', dividend, divisor))),
  );
  code.push(apply('f32.demote_f64', dividend));
}

/** Bytes of 2/π behind the point, the first four of them 0. */
const twoOverPi = [
  0, 0, 0, 0, 0xa2, 0xf9, 0x83, 0x6e, 0x4e, 0x44, 0x15, 0x29, 0xfc, 0x27, 0x57, 0xd1, 0xf5, 0x34, 0xdd, 0xc0, 0xdb, 0x62, 0x95, 0x99, 0x3c,
  0x43, 0x90, 0x41, 0xfe, 0x51, 0x63, 0xab,
];

/**
 * An angle between −π and π with the same sine and cosine as x, which has the 24 digits of an f32; NaN for infinities and NaN. Small angles
 * come back as they are. The method is that of Payne and Hanek (1983): x = M·2ᵉ is multiplied by those bits of 2/π alone that make a
 * difference to the product modulo 4, the number of quarter turns.
 */
function reduceAngle(code: FunctionBuilder, x: Local): void {
  const { apply } = code;
  const [bits, high, low, mantissa] = [0, 1, 2, 3].map(() => code.local('i64')) as [Local, Local, Local, Local];
  const [position, window] = [code.local('i32'), code.local('v128')];
  code.if(apply('f64.le', apply('f64.abs', x), largestPlainAngle), () => code.return(x));
  code.if(apply('i32.eqz', apply('f64.lt', apply('f64.abs', x), Infinity)), () => code.return(NaN, 'f64'));

  // |x| = mantissa · 2^(exponent − 23), mantissa of 24 bits. The window into the bits of 2/π begins where their product counts 2.
  code.assign(bits, apply('i64.and', apply('i64.reinterpret_f64', x), exponentMask | mantissaMask));
  const exponent = apply('i32.sub', apply('i32.wrap_i64', apply('i64.shr_u', bits, mantissaBits)), exponentBias);
  code.assign(position, apply('i32.add', exponent, 7));
  code.assign(mantissa, apply('i64.shr_u', apply('i64.or', apply('i64.and', bits, mantissaMask), mantissaMask + 1n), mantissaBits - 23n));

  // The 16 bytes from there on as two integers, the first byte the most significant.
  const firstByte = (): void => {
    code.push(apply('i32.shr_u', position, 3));
    code.vector('i8x16.splat');
  };
  for (const [half, offset] of [twoOverPi.slice(0, 16), twoOverPi.slice(16)].map((bytes, index) => [bytes, 16 * index] as const)) {
    code.v128(Uint8Array.from(half));
    code.v128(Uint8Array.from([7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8], (byte) => byte - offset));
    firstByte();
    code.vector('i8x16.add');
    code.vector('i8x16.swizzle');
  }
  code.vector('v128.or');
  code.set(window);
  const half = (lane: 0 | 1) => (): void => {
    code.push(window);
    code.lane('i64x2.extract_lane', lane);
  };
  const shift = apply('i64.extend_i32_u', apply('i32.and', position, 7));
  code.assign(low, apply('i64.shl', half(1), shift));
  const carried = apply('i64.shr_u', apply('i64.shr_u', half(1), 1n), apply('i64.sub', 63n, shift));
  code.assign(high, apply('i64.or', apply('i64.shl', half(0), shift), carried));

  // Quarter turns in units of 2⁻⁶², modulo 4 and, as a signed number, between −2 and 2.
  const lowProduct = apply('i64.shr_u', apply('i64.mul', mantissa, apply('i64.shr_u', low, 32n)), 32n);
  const quarterTurns = apply('f64.convert_i64_s', apply('i64.add', apply('i64.mul', mantissa, high), lowProduct));
  const angle = apply('f64.mul', quarterTurns, 2 ** -62 * (Math.PI / 2));
  code.push(apply('f64.mul', angle, apply('f64.copysign', 1, x)), 'f64');
}
