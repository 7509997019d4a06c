// A module comes out of another and of the difference as it went in, and a script that carries both is hardly larger for it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDifference, relaxedModule } from '../src/generated/kernels.ts';
import { applyDifference } from '../src/wasm/packedModule.ts';
import { differenceOf } from './moduleDifference.ts';

const source = Uint8Array.from({ length: 300 }, (_, index) => (index * index) % 251);
const fragment = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.tuple(fc.nat(source.length), fc.nat(source.length)).map(([from, to]) => source.slice(from, to)),
);

describe('the difference of two modules', () => {
  it('makes the one out of the other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fragment, { maxLength: 6 }), async (fragments) => {
        const target = Uint8Array.from(fragments.flatMap((bytes) => [...bytes]));
        expect(await applyDifference(differenceOf(target, source), source)).toEqual(target);
      }),
    );
  });

  it('names runs that are equal, wherever they are, and adds nothing for them', () => {
    const moved = Uint8Array.from([...source.slice(200), 7, 7, ...source.slice(0, 150)]);
    expect(differenceOf(moved, source).steps).toEqual([0, 200, 100, 2, -300, 150]);
  });

  it('is a small part of the kernels', () => {
    const text = JSON.stringify(plainDifference);
    expect(text.length).toBeLessThan(0.4 * relaxedModule.length);
  });
});
