// Compares what a program printed with what it printed elsewhere.

/** Engines and processors round differently, and a training carries that on; a document is not wrong for it. */
const tolerance = 0.01;

/** Whether two outputs are the same text, numbers with a decimal point or exponent to one part in a hundred. */
export function sameOutput(one: string, other: string): boolean {
  const [parts, others] = [one, other].map((text) => text.split(/(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/));
  if (parts === undefined || others === undefined || parts.length !== others.length) return false;
  return parts.every((part, index) => part === others[index] || closeNumbers(part, others[index] ?? ''));
}

function closeNumbers(one: string, other: string): boolean {
  if (!/\d[.e]/.test(one) && !/\d[.e]/.test(other)) return false;
  const [a, b] = [Number(one), Number(other)];
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}
