// Numbers that texts carry: as they are, and as arguments.
import { describe, expect, it } from 'vitest';
import { numberText, sizeText, withArguments, withNumbers } from './parameters.ts';

const text = `x * ${sizeText('stride', 12)} + ${sizeText('offset', -3)} + y * ${sizeText('stride', 12)} * ${numberText('c0', 1e-7)}`;

describe('numbers in texts', () => {
  it('stand there as they are', () => {
    expect(withNumbers(text)).toBe('x * 12 - 3 + y * 12 * 1e-7');
  });

  it('are arguments, each of them once', () => {
    expect(withArguments(text)).toEqual({
      text: 'x * stride + offset + y * stride * c0',
      numbers: [
        { name: 'stride', type: 'Integer', value: 12 },
        { name: 'offset', type: 'Integer', value: -3 },
        { name: 'c0', type: 'Float', value: 1e-7 },
      ],
    });
  });

  it('have as many arguments as a name has values', () => {
    const twice = `${sizeText('n', 1)} ${sizeText('n', 2)} ${sizeText('n', 1)} ${sizeText('n', 3)}`;
    const { text: named, numbers } = withArguments(twice);
    expect(named).toBe('n nn2 n nn3');
    expect(numbers.map(({ value }) => value)).toEqual([1, 2, 3]);
  });
});
