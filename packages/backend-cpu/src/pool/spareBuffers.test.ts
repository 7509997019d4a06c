import { expect, it } from 'vitest';
import { SpareBuffers } from './spareBuffers.ts';

it('gives a buffer of the length asked for once, then new ones', () => {
  const spare = new SpareBuffers();
  const buffers = [16, 32].map((bytes) => new ArrayBuffer(bytes));
  for (const buffer of buffers) spare.keep(buffer);
  expect(spare.take(32)).toBe(buffers[1]);
  expect(spare.take(32)).not.toBe(buffers[1]);
  expect(spare.take(32).byteLength).toBe(32);
  expect(spare.takeAll()).toEqual([buffers[0]]);
  expect(spare.takeAll()).toEqual([]);
});

it('forgets the oldest when they would take too much memory, and never keeps a single one that does', () => {
  const spare = new SpareBuffers();
  const buffers = Array.from({ length: 3 }, () => new ArrayBuffer(2 ** 23));
  for (const buffer of buffers) spare.keep(buffer);
  expect(spare.takeAll()).toEqual(buffers.slice(1));
  spare.keep(new ArrayBuffer(2 ** 25));
  expect(spare.takeAll()).toEqual([]);
});
