// Means with intervals: what a handful of seeds says about all seeds.

/** A mean, and the interval that holds the true one in 95 of 100 experiments; without one where a single value says nothing of others. */
export interface Estimate {
  readonly mean: number;
  readonly interval?: readonly [low: number, high: number];
  readonly count: number;
}

/** The mean of values that scatter normally, with Student's 95 % interval: mean ± t · s / √n. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = meanOf(values);
  if (count < 2) return { mean, count };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = studentQuantile(0.975, count - 1) * Math.sqrt(variance / count);
  return { mean, interval: [mean - half, mean + half], count };
}

/** NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The number that a t-distributed one stays below with the given probability.
 * @param probability between ½ and 1 @param degrees of freedom, an integer from 1
 */
export function studentQuantile(probability: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentProbability(high, degrees) < probability) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (studentProbability(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** P(T ≤ t) for t ≥ 0, by the finite sums for whole degrees of freedom: Abramowitz and Stegun, 26.7.3 and 26.7.4. */
function studentProbability(t: number, degrees: number): number {
  const angle = Math.atan2(t, Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2;
    sum += term;
  }
  const within = odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return 0.5 + within / 2;
}
