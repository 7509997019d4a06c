// Sine, cosine and exponential with the same bits in every engine: ECMAScript fixes those of + − · / alone, so they are summed up here.

/** Terms after which nothing is added any more in float64, for arguments up to π. */
const terms = 32;

/** Sine and cosine of an angle within ±π. */
export function sineAndCosine(angle: number): { readonly sine: number; readonly cosine: number } {
  let [sine, cosine, power] = [0, 0, 1];
  // Powers over factorials take turns: cosine, sine, −cosine, −sine, …
  for (let n = 0; n < terms; n++) {
    const sign = n % 4 < 2 ? 1 : -1;
    if (n % 2 === 0) cosine += sign * power;
    else sine += sign * power;
    power *= angle / (n + 1);
  }
  return { sine, cosine };
}

/** eˣ for x from −64 to 0: the series near 0, squared until it is there. */
export function exponential(x: number): number {
  const halvings = 8;
  const small = x / 2 ** halvings;
  let [sum, power] = [0, 1];
  for (let n = 0; n < terms; n++) {
    sum += power;
    power *= small / (n + 1);
  }
  for (let halving = 0; halving < halvings; halving++) sum *= sum;
  return sum;
}
