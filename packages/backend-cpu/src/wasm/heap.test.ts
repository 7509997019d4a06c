// Blocks never overlap, and what was freed is used again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap, blockBytes } from './heap.ts';

const start = 1000;

/** A heap that notes how far it has reached. */
function measured(limit = Infinity): { heap: Heap; reached: () => number } {
  let reached = 0;
  const reserve = (end: number): void => {
    if (end > limit) throw new RangeError('full');
    reached = end;
  };
  const heap = new Heap({ start, limit: Infinity, reserve });
  return { heap, reached: () => reached };
}

describe('a heap', () => {
  it('gives blocks at multiples of 64 that do not overlap', () => {
    const sizes = fc.integer({ min: 0, max: 200_000 });
    const actions = fc.array(fc.record({ bytes: sizes, frees: fc.option(fc.nat(50)) }), { maxLength: 60 });
    fc.assert(
      fc.property(actions, (list) => {
        const { heap, reached } = measured();
        const live: { pointer: number; bytes: number }[] = [];
        for (const { bytes, frees } of list) {
          if (frees !== null && live.length > 0) heap.free(live.splice(frees % live.length, 1)[0]!.pointer);
          const pointer = heap.allocate(bytes);
          expect(pointer % 64).toBe(0);
          expect(pointer).toBeGreaterThanOrEqual(start);
          expect(pointer + bytes).toBeLessThanOrEqual(reached());
          for (const other of live) {
            expect(pointer + bytes <= other.pointer || other.pointer + other.bytes <= pointer).toBe(true);
            expect(pointer).not.toBe(other.pointer);
          }
          live.push({ pointer, bytes });
        }
        expect(heap.held).toBe(live.reduce((sum, { bytes }) => sum + blockBytes(bytes), 0));
        for (const { pointer } of live) heap.free(pointer);
        expect(heap.held).toBe(0);
        expect(heap.allocate(1)).toBe(1024);
      }),
    );
  });

  it('uses freed memory again, joined with its neighbours', () => {
    const { heap, reached } = measured();
    const [a, b, c, d] = [640, 640, 640, 640].map((bytes) => heap.allocate(bytes));
    const full = reached();
    heap.free(a!);
    heap.free(c!);
    heap.free(b!);
    expect(heap.allocate(3 * 640)).toBe(a);
    heap.free(d!);
    heap.free(a!);
    expect(heap.allocate(4 * 640)).toBe(a);
    expect(reached()).toBe(full);
  });

  it('that is full says so, and works on', () => {
    const { heap } = measured(10_000);
    const pointer = heap.allocate(8000);
    expect(() => heap.allocate(8000)).toThrow(RangeError);
    heap.free(pointer);
    expect(heap.allocate(8000)).toBe(pointer);
  });

  it('keeps large arrays of one size off equal offsets of a page', () => {
    const { heap } = measured();
    const offsets = Array.from({ length: 4 }, () => heap.allocate(2 ** 20) % 4096);
    expect(new Set(offsets).size).toBe(4);
  });

  it('refuses to free twice', () => {
    const { heap } = measured();
    const pointer = heap.allocate(10);
    heap.free(pointer);
    expect(() => heap.free(pointer)).toThrow('was not taken');
  });
});
