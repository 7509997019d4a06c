// Golden files that are read, and those that are refused.
import { describe, expect, it } from 'vitest';
import { NotYet } from './notYet.ts';
import { goldenTensor, inputArray, parseGolden, valuesOf } from './format.ts';

const good = { id: 'a/b', op: 'relu', config: {}, inputs: { x: { shape: [2], data: [1, 'NaN'] } }, tol: {} };
const file = (cases: readonly unknown[], rest: object = {}): string =>
  JSON.stringify({ format: 'nn-golden/1', family: 'a', cases, ...rest });

describe('parseGolden', () => {
  it('reads a file', () => {
    expect(parseGolden(file([good], { count: 1 }))).toEqual({ family: 'a', cases: [good] });
  });

  it.each([
    ['no JSON', '{"format', 'is no JSON'],
    ['another format', '{"format":"nn-golden/2"}', 'has the format "nn-golden/2"'],
    ['an array', '[]', 'nn-golden/1 is read'],
    ['no cases', '{"format":"nn-golden/1","family":"a"}', 'no list of cases'],
    ['another count', file([good], { count: 2 }), 'announces 2 cases and has 1'],
    ['no id', file([{ ...good, id: 3 }]), 'needs an id'],
    ['no tolerances', file([{ ...good, tol: undefined }]), 'a/b needs config, inputs and tol'],
    ['too few values', file([{ ...good, inputs: { x: { shape: [3], data: [1] } } }]), '"x" has 1 values for the shape [3]'],
    ['a shape that is none', file([{ ...good, outputs: { y: { shape: [-1], data: [] } } }]), 'a/b, outputs: "y" has the shape [-1]'],
    ['a shape of far too many', file([{ ...good, outputs: { y: { shape: [65536, 65536], data: [] } } }]), 'has the shape [65536,65536]'],
    ['an order that is none', file([{ ...good, inputOrder: 'x' }]), 'a/b: inputOrder is no list of names'],
    ['arrays that are none', file([{ ...good, grads: [1] }]), 'a/b, grads'],
    ['steps that are none', file([{ ...good, steps: [1] }]), 'step 0 is no record'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseGolden(text, 'vectors.json')).toThrow(message);
  });
});

describe('arrays', () => {
  it('come in the dtype that programs take', () => {
    expect(inputArray({ shape: [2], data: [1, '-Infinity'] })).toMatchObject({ dtype: 'f32', data: Float32Array.of(1, -Infinity) });
    expect(inputArray({ shape: [], data: [7], dtype: 'int32' })).toMatchObject({ dtype: 'i32', data: Int32Array.of(7) });
    expect(inputArray({ shape: [], data: [7], dtype: 'int64' })).toMatchObject({ dtype: 'i32', data: Int32Array.of(7) });
    expect(inputArray({ shape: [2], data: [1, 0], dtype: 'bool' })).toMatchObject({ dtype: 'bool', data: Uint8Array.of(1, 0) });
  });

  it('wait when their dtype does not exist here, and are refused when they hold text', () => {
    expect(() => inputArray({ shape: [1], data: [1], dtype: 'complex64' })).toThrow(NotYet);
    expect(() => inputArray({ shape: [1], data: [2 ** 40], dtype: 'int64' })).toThrow(NotYet);
    expect(() => valuesOf({ shape: [1], data: ['nan' as 'NaN'] })).toThrow('"nan", which is no number');
  });

  it('go back to the form of the files', () => {
    const tensor = { shape: [3], data: [1.5, 'NaN', 'Infinity'] } as const;
    expect(goldenTensor(inputArray(tensor))).toEqual(tensor);
    expect(goldenTensor(inputArray({ shape: [], data: [3], dtype: 'int32' }))).toEqual({ shape: [], data: [3], dtype: 'int32' });
  });
});
