// Unbiased bounded integers from a stream.
import type { Key } from '@nn/core';
import { checkInteger, fillBits } from '@nn/core';

/** Draws integers one after the other; how many words one takes depends on the bounds asked for. */
export interface IntegerStream {
  /** An integer from 0 to `bound` − 1, all equally likely. @throws ConfigError unless `bound` is an integer from 1 to 2³² */
  next(bound: number): number;
}

const words = 2 ** 32;
const bufferLength = 256;

/** The stream of `key` read as bounded integers. */
export function integerStream(key: Key): IntegerStream {
  const buffer = new Uint32Array(bufferLength);
  let taken = 0;
  const nextWord = (): number => {
    const index = taken % bufferLength;
    if (index === 0) fillBits(key, buffer, taken);
    taken += 1;
    return buffer[index]!;
  };
  return {
    next(bound) {
      checkInteger('integerStream', 'bound', bound, { from: 1, to: words });
      // Words at or above the largest multiple of the bound would favour the small remainders: they are drawn again.
      const fair = words - (words % bound);
      let word = nextWord();
      while (word >= fair) word = nextWord();
      return word % bound;
    },
  };
}
