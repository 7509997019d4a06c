// What one vector of a map computes, as a graph of WebAssembly vector instructions in which equal nodes are one node.
import type { ShiftOpcode, VectorOpcode } from './encoding/opcodes.ts';

/** How often a node's value changes: never within a call of the kernel, with every row, or with every vector. */
export type Level = 0 | 1 | 2;

/** How an input's elements are laid out along the innermost axis: next to each other, or one for the whole axis. */
export type Reading = 'dense' | 'uniform';

/** Functions of scalars that helpers.ts has for what vector instructions cannot do. */
export type HelperName = 'floorModulo' | 'reduceAngle';

interface NodeBase {
  /** Operands have smaller ones. */
  readonly id: number;
  readonly level: Level;
  readonly operands: readonly Vector[];
}

/** 128 bits: four f32 or i32, four masks of 32 bits (all ones is true), or two f64. */
export type Vector = NodeBase &
  (
    | { readonly kind: 'constant'; readonly lane: 'f32' | 'i32' | 'f64'; readonly value: number }
    | { readonly kind: 'load'; readonly input: number; readonly reading: Reading; readonly bytes: 1 | 4 }
    | { readonly kind: 'op'; readonly name: VectorOpcode }
    | { readonly kind: 'shift'; readonly name: ShiftOpcode; readonly count: number }
    | { readonly kind: 'shuffle'; readonly lanes: readonly number[] }
    /** Lane by lane, a function of f32 scalars. */
    | { readonly kind: 'lanewise'; readonly helper: HelperName }
    /** The second operand; where any lane of the first is true, all its lanes go through a function of f64 scalars. */
    | { readonly kind: 'repair'; readonly helper: HelperName }
  );

type Description = Vector extends infer Node ? (Node extends Vector ? Omit<Node, keyof NodeBase> : never) : never;

export interface GraphOptions {
  /** Whether a product and the sum after it may be rounded once, by the relaxed instruction. */
  readonly relaxed: boolean;
}

export class VectorGraph {
  /** Whether exp and expm1 are both computed: what they have in common is computed once then. */
  readonly hasExpAndExpm1: boolean;
  readonly #nodes = new Map<string, Vector>();
  readonly #relaxed: boolean;

  /** @param functions what is going to be computed */
  constructor({ relaxed }: GraphOptions, functions: ReadonlySet<string>) {
    this.#relaxed = relaxed;
    this.hasExpAndExpm1 = functions.has('exp') && functions.has('expm1');
  }

  f32(value: number): Vector {
    return this.#node({ kind: 'constant', lane: 'f32', value: Math.fround(value) }, [], 0);
  }

  i32(value: number): Vector {
    return this.#node({ kind: 'constant', lane: 'i32', value: value | 0 }, [], 0);
  }

  f64(value: number): Vector {
    return this.#node({ kind: 'constant', lane: 'f64', value }, [], 0);
  }

  /** Four elements of an input as they are in memory; bytes come in the lowest 32 bits, or repeated. */
  load(input: number, reading: Reading, bytes: 1 | 4, level: Level): Vector {
    return this.#node({ kind: 'load', input, reading, bytes }, [], level);
  }

  op(name: VectorOpcode, ...operands: readonly Vector[]): Vector {
    return this.#node({ kind: 'op', name }, operands);
  }

  shift(name: ShiftOpcode, x: Vector, count: number): Vector {
    return this.#node({ kind: 'shift', name, count }, [x]);
  }

  /** @param lanes of 32 bits each: 0–3 of `a`, 4–7 of `b` */
  shuffle(a: Vector, b: Vector, ...lanes: readonly [number, number, number, number]): Vector {
    return this.#node({ kind: 'shuffle', lanes }, [a, b]);
  }

  lanewise(helper: HelperName, ...operands: readonly Vector[]): Vector {
    return this.#node({ kind: 'lanewise', helper }, operands);
  }

  /** `values` (f64), both sent through `helper` if `condition` holds for any lane. */
  repair(helper: HelperName, condition: Vector, values: Vector): Vector {
    return this.#node({ kind: 'repair', helper }, [condition, values]);
  }

  add(a: Vector, b: Vector): Vector {
    return this.op('f32x4.add', a, b);
  }

  sub(a: Vector, b: Vector): Vector {
    return this.op('f32x4.sub', a, b);
  }

  mul(a: Vector, b: Vector): Vector {
    return this.op('f32x4.mul', a, b);
  }

  div(a: Vector, b: Vector): Vector {
    return this.op('f32x4.div', a, b);
  }

  and(a: Vector, b: Vector): Vector {
    return this.op('v128.and', a, b);
  }

  or(a: Vector, b: Vector): Vector {
    return this.op('v128.or', a, b);
  }

  /** The bit of the sign alone. */
  signOf(x: Vector): Vector {
    return this.and(x, this.f32(-0));
  }

  abs(x: Vector): Vector {
    return this.op('f32x4.abs', x);
  }

  /** a·b + c in f32, rounded once or twice. */
  multiplyAdd(a: Vector, b: Vector, c: Vector): Vector {
    return this.#relaxed ? this.op('f32x4.relaxed_madd', a, b, c) : this.add(this.mul(a, b), c);
  }

  /** c₀ + c₁x + c₂x² + … in f32. */
  polynomial(x: Vector, coefficients: readonly number[]): Vector {
    // Neighbours are joined first: a short chain of dependent instructions is what counts.
    const pairs = coefficients.flatMap((low, index) => {
      const high = coefficients[index + 1];
      if (index % 2 === 1) return [];
      return [high === undefined ? this.f32(low) : this.multiplyAdd(this.f32(high), x, this.f32(low))];
    });
    const square = this.mul(x, x);
    return pairs.reduceRight((sum, pair) => this.multiplyAdd(sum, square, pair));
  }

  /** c₀ + c₁x + c₂x² + … in f64. */
  polynomial64(x: Vector, coefficients: readonly number[]): Vector {
    return coefficients
      .map((coefficient) => this.f64(coefficient))
      .reduceRight((sum, coefficient) => this.op('f64x2.add', this.op('f64x2.mul', sum, x), coefficient));
  }

  /** `a` where the mask holds, else `b`. */
  select(mask: Vector, a: Vector, b: Vector): Vector {
    if (isZero(a)) return this.op('v128.andnot', b, mask);
    if (isZero(b)) return this.and(a, mask);
    return this.op(this.#relaxed ? 'i32x4.relaxed_laneselect' : 'v128.bitselect', a, b, mask);
  }

  /** @param level by default that of the operand that changes most often */
  #node(description: Description, operands: readonly Vector[], level = levelOf(operands)): Vector {
    let key = keyOf(description);
    for (const { id } of operands) key += ` ${id}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node: Vector = { ...description, id: this.#nodes.size, level, operands };
    this.#nodes.set(key, node);
    return node;
  }
}

/** What tells a node from others with the same operands. */
function keyOf(node: Description): string {
  switch (node.kind) {
    case 'constant':
      return `${node.lane} ${Object.is(node.value, -0) ? '-0' : node.value}`;
    case 'load':
      return `load ${node.input}`;
    case 'op':
      return node.name;
    case 'shift':
      return `${node.name} ${node.count}`;
    case 'shuffle':
      return `shuffle ${node.lanes.join(' ')}`;
    case 'lanewise':
    case 'repair':
      return node.helper;
  }
}

/** All bits zero. */
export function isZero(x: Vector): boolean {
  return x.kind === 'constant' && Object.is(x.value, 0);
}

function levelOf(operands: readonly Vector[]): Level {
  return operands.reduce<Level>((level, operand) => (operand.level > level ? operand.level : level), 0);
}
