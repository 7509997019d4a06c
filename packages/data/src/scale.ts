// The factor of bytes in float32, so that a device gets the bits that the host gets by rounding once.

/** Two numbers of float32: a byte b times the factor is b · high + b · low, where the first product is exact. */
export type ScaleParts = readonly [high: number, low: number];

const bytes = 256;
/** Clears what a product with a byte has no room for among the 24 bits of float32. */
const highBits = 0xffffff00;

/** The parts of a factor, or undefined for one of which they do not give the correctly rounded product with every byte. */
export function scaleParts(scale: number): ScaleParts | undefined {
  const high = Float32Array.of(scale);
  const bits = new Int32Array(high.buffer);
  bits[0]! &= highBits;
  const parts = [high[0]!, Math.fround(scale - high[0]!)] as const;
  for (let byte = 0; byte < bytes; byte++) if (!isExact(byte, scale, parts)) return undefined;
  return parts;
}

/** Whether the sum is right with both products rounded, and with a multiplication and addition that are fused. */
function isExact(byte: number, scale: number, [high, low]: ScaleParts): boolean {
  const exact = Math.fround(byte * scale);
  const rounded = Math.fround(Math.fround(byte * high) + Math.fround(byte * low));
  const fused = Math.fround(Math.fround(byte * high) + byte * low);
  return rounded === exact && fused === exact;
}
