// f(w) = ½ w'Aw − b'w, on which the update rules are computed by hand.
const a = [
  [2, 0.5],
  [0.5, 1],
];
const b = [1, -2];

export const start: readonly number[] = [3, -1.5];

/** A w − b */
export function gradient(w: readonly number[]): number[] {
  return a.map((row, i) => row.reduce((sum, value, j) => sum + value * w[j]!, 0) - b[i]!);
}
