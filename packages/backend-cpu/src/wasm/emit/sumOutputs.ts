// Results that are added up instead of written: a loop leaves the sums of blocks of fixed length, which something else adds up, so that
// the sum does not depend on how the loop is shared.
import type { FunctionBuilder, Local } from './encoding/functionBuilder.ts';
import type { ComputedRoots } from './graphCode.ts';
import type { Vector } from './vectorGraph.ts';

/** Elements that are added up to one sum. */
export const sumBlock = 4096;
/** Bytes of the sum of a block: two f64, to be added. */
export const partialBytes = 16;

/** A vector that is added up, and where: in f64, the lower and the upper lanes of vectors that come first and second in a pair. */
interface Sum {
  readonly vector: Vector;
  readonly partial: Local;
  readonly first: Halves;
  readonly second: Halves;
}

interface Halves {
  readonly low: Local;
  readonly high: Local;
}

/** Sums of f32 vectors, carried in f64. Neighbouring vectors have sums of their own, so that neither waits for the other. */
export class SumOutputs {
  readonly #code: FunctionBuilder;
  readonly #sums: readonly Sum[];

  constructor(code: FunctionBuilder, vectors: readonly Vector[]) {
    this.#code = code;
    const halves = (): Halves => ({ low: code.local('v128'), high: code.local('v128') });
    this.#sums = vectors.map((vector) => ({ vector, partial: code.local('i32'), first: halves(), second: halves() }));
  }

  /** Where the sums of the next blocks go. */
  get partials(): readonly Local[] {
    return this.#sums.map(({ partial }) => partial);
  }

  /** Begins the sums of a block. */
  begin(): void {
    for (const { first, second } of this.#sums) {
      for (const half of [first.low, first.high, second.low, second.high]) {
        this.#code.v128(new Uint8Array(16));
        this.#code.set(half);
      }
    }
  }

  /** Adds two whole vectors. */
  addPair(one: ComputedRoots, other: ComputedRoots): void {
    for (const { vector, first, second } of this.#sums) {
      this.#add(first, () => this.#code.push(one.localOf(vector)));
      this.#add(second, () => this.#code.push(other.localOf(vector)));
    }
  }

  /** Adds the first `count` lanes of a vector, of which there may be more. */
  addFirst(computed: ComputedRoots, count: Local): void {
    const code = this.#code;
    for (const { vector, first } of this.#sums) {
      this.#add(first, () => {
        code.push(computed.localOf(vector));
        code.push(count);
        code.vector('i32x4.splat');
        code.v128(new Uint8Array(new Int32Array([0, 1, 2, 3]).buffer));
        code.vector('i32x4.gt_s');
        code.vector('v128.and');
      });
    }
  }

  /** Writes the sums of a block. */
  end(): void {
    const code = this.#code;
    for (const { partial, first, second } of this.#sums) {
      code.push(partial);
      for (const { low, high } of [first, second]) {
        code.push(low);
        code.push(high);
        code.vector('f64x2.add');
      }
      code.vector('f64x2.add');
      code.memory('v128.store', 0);
      code.assign(partial, code.apply('i32.add', partial, partialBytes));
    }
  }

  #add({ low, high }: Halves, values: () => void): void {
    const code = this.#code;
    const vector = code.local('v128');
    values();
    code.set(vector);
    code.push(low);
    code.push(vector);
    code.vector('f64x2.promote_low_f32x4');
    code.vector('f64x2.add');
    code.set(low);
    code.push(high);
    code.push(vector);
    code.push(vector);
    code.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
    code.vector('f64x2.promote_low_f32x4');
    code.vector('f64x2.add');
    code.set(high);
    code.release(vector);
  }
}
