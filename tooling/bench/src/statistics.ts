// Summaries of samples.

/** The value that as many samples are below as above. @throws RangeError when there are none */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Interpolated between neighbours. @throws RangeError when there are none */
export function quantile(samples: readonly number[], fraction: number): number {
  if (samples.length === 0) throw new RangeError('No samples were given.');
  const sorted = samples.toSorted((a, b) => a - b);
  const position = fraction * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!];
  return below + (above - below) * (position - Math.floor(position));
}

/** How far the middle half of the samples spreads, as a fraction of their median. */
export function spread(samples: readonly number[]): number {
  return (quantile(samples, 0.75) - quantile(samples, 0.25)) / median(samples);
}
