// Tensors of other libraries where arrays are taken.
import { expect, it } from 'vitest';
import { DTypeError } from '../errors/errors.ts';
import type { ForeignTensor } from './foreign.ts';
import { fromForeign, isForeignTensor, withoutForeign } from './foreign.ts';
import { ndarray } from './ndarray.ts';

const foreign = (dtype: string, values: Float32Array | Int32Array | Uint8Array): ForeignTensor => ({
  shape: [1, values.length],
  dtype,
  data: async () => values,
});

it('come to the host as copies, with the dtype of the same meaning', async () => {
  const values = new Float32Array([1, 2]);
  const array = await fromForeign(foreign('float32', values));
  values[0] = 9;
  expect(String(array)).toBe('f32[1, 2] [[1, 2]]');
  expect((await fromForeign(foreign('int32', new Int32Array([3])))).dtype).toBe('i32');
  expect((await fromForeign(foreign('bool', new Uint8Array([1])))).toArray()).toEqual([[true]]);
  await expect(fromForeign(foreign('complex64', values))).rejects.toThrow(DTypeError);
});

it('are found in lists and records, and nothing else is touched', async () => {
  const tensor = foreign('float32', new Float32Array([1]));
  const stream = async function* () {};
  const [array, list] = [ndarray([1]), [1, 2]];
  expect(await withoutForeign<unknown>(stream)).toBe(stream);
  expect(await withoutForeign<unknown>(array)).toBe(array);
  expect(await withoutForeign<unknown>(list)).toBe(list);
  const record = { x: array, y: list };
  expect(await withoutForeign<unknown>(record)).toBe(record);
  const { x, y } = await withoutForeign<{ x: unknown; y: unknown }>({ x: tensor, y: list });
  expect([String(x), y]).toEqual(['f32[1, 1] [[1]]', list]);
  expect((await withoutForeign<unknown[]>([tensor, tensor])).map(String)).toEqual(['f32[1, 1] [[1]]', 'f32[1, 1] [[1]]']);
});

it('are not taken for numbers where there is no waiting for them', () => {
  expect(() => ndarray(foreign('float32', new Float32Array(1)) as object as number[])).toThrow('await fromForeign(tensor)');
});

it('are told from what only looks alike', () => {
  expect(isForeignTensor(foreign('float32', new Float32Array(1)))).toBe(true);
  for (const other of [ndarray([1]), [1], null, 1, { shape: [1], dtype: 'f32' }, { shape: [1], dtype: 'f32', data: new Float32Array(1) }]) {
    expect(isForeignTensor(other)).toBe(false);
  }
});
