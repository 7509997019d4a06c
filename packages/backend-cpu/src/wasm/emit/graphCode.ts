// Instructions for a graph of vectors: what is the same for all vectors comes before the loop, the rest once per vector.
import type { FunctionBuilder, Local } from './encoding/functionBuilder.ts';
import type { HelperName, Level, Vector } from './vectorGraph.ts';

export interface Surroundings {
  /** Where an input's elements for the current vector, or its uniform element, are. */
  readonly pointers: readonly Local[];
  readonly helperIndex: (name: HelperName) => number;
}

/** Locals that hold the roots, until the caller releases them. */
export interface ComputedRoots {
  readonly localOf: (root: Vector) => Local;
  readonly release: () => void;
}

/** The vector instructions of a body take locals for values with several uses, and nest the others. */
export class GraphCode {
  readonly #code: FunctionBuilder;
  readonly #surroundings: Surroundings;
  readonly #roots: ReadonlySet<Vector>;
  /** Every node that is needed, operands first. */
  readonly #nodes: readonly Vector[];
  readonly #users: ReadonlyMap<Vector, readonly Vector[]>;
  readonly #kept: ReadonlySet<Vector>;
  readonly #locals = new Map<Vector, Local>();
  readonly #remaining = new Map<Vector, number>();

  constructor(code: FunctionBuilder, roots: readonly Vector[], surroundings: Surroundings) {
    this.#code = code;
    this.#surroundings = surroundings;
    this.#roots = new Set(roots);
    this.#nodes = reachable(roots);
    this.#users = usersOf(this.#nodes);
    this.#kept = this.#chooseKept();
  }

  /** Computes what only changes at `level`, for use at later ones. */
  hoist(level: 0 | 1): void {
    this.#computeLevel(level, 0);
  }

  /** Computes vector `index` behind the pointers. */
  compute(index: number): ComputedRoots {
    this.#computeLevel(2, index);
    const results = new Map([...this.#roots].map((root) => [root, this.#locals.get(root)!]));
    const own = [...this.#roots].filter((root) => root.level === 2).map((root) => this.#take(root));
    return { localOf: (root) => results.get(root)!, release: () => own.forEach((local) => this.#code.release(local)) };
  }

  #computeLevel(level: Level, index: number): void {
    for (const node of this.#nodes) {
      if (node.level !== level || !this.#kept.has(node)) continue;
      this.#emitNode(node, index);
      // A permanent local is set again at every turn of an outer loop.
      const local = this.#locals.get(node) ?? this.#code.local('v128');
      this.#locals.set(node, local);
      this.#remaining.set(node, this.#users.get(node)!.length + (this.#roots.has(node) ? 1 : 0));
      this.#code.set(local);
    }
  }

  #emit(node: Vector, index: number): void {
    const local = this.#locals.get(node);
    if (local === undefined) return this.#emitNode(node, index);
    this.#code.push(local);
    const remaining = this.#remaining.get(node)! - 1;
    this.#remaining.set(node, remaining);
    if (remaining === 0 && !this.#isPermanent(node)) this.#code.release(this.#take(node));
  }

  #take(node: Vector): Local {
    const local = this.#locals.get(node)!;
    this.#locals.delete(node);
    return local;
  }

  #emitNode(node: Vector, index: number): void {
    const code = this.#code;
    const { pointers, helperIndex } = this.#surroundings;
    const operands = (): void => node.operands.forEach((operand) => this.#emit(operand, index));
    switch (node.kind) {
      case 'constant':
        return code.v128(constantBytes(node.lane, node.value));
      case 'load':
        code.push(pointers[node.input]!);
        if (node.reading === 'dense') {
          return node.bytes === 4 ? code.memory('v128.load', 16 * index) : code.memory('v128.load32_zero', 4 * index);
        }
        return code.memory(node.bytes === 4 ? 'v128.load32_splat' : 'v128.load8_splat', 0);
      case 'op':
        operands();
        return code.vector(node.name);
      case 'shift':
        operands();
        code.push(node.count);
        return code.vector(node.name);
      case 'shuffle':
        operands();
        return code.shuffle(node.lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)));
      case 'lanewise': {
        const values = node.operands.map((operand) => this.#emitToLocal(operand, index));
        for (const lane of [0, 1, 2, 3]) {
          // The call's result goes into the vector below it on the stack.
          if (lane === 0) code.push(values[0]!);
          for (const value of values) {
            code.push(value);
            code.lane('f32x4.extract_lane', lane);
          }
          code.call(helperIndex(node.helper));
          code.lane('f32x4.replace_lane', lane);
        }
        return values.forEach((value) => code.release(value));
      }
      case 'repair': {
        const values = this.#emitToLocal(node.operands[1]!, index);
        code.if(
          () => {
            this.#emit(node.operands[0]!, index);
            code.vector('v128.any_true');
          },
          () => {
            code.push(values);
            for (const lane of [0, 1]) {
              code.push(values);
              code.lane('f64x2.extract_lane', lane);
              code.call(helperIndex(node.helper));
              code.lane('f64x2.replace_lane', lane);
            }
            code.set(values);
          },
        );
        code.push(values);
        return code.release(values);
      }
    }
  }

  #emitToLocal(node: Vector, index: number): Local {
    this.#emit(node, index);
    const local = this.#code.local('v128');
    this.#code.set(local);
    return local;
  }

  /** A local that outlives the computation of its level. */
  #isPermanent(node: Vector): boolean {
    return node.level < 2 && (this.#roots.has(node) || this.#users.get(node)!.some((user) => user.level > node.level));
  }

  /** The nodes that get a local; others are computed where their one user is. All constants and uniform inputs are among them. */
  #chooseKept(): ReadonlySet<Vector> {
    const kept = new Set<Vector>(this.#roots);
    const depths = new Map<Vector, number>();
    for (const node of this.#nodes) {
      const depth = 1 + Math.max(0, ...node.operands.map((operand) => depths.get(operand)!));
      const isShared = this.#users.get(node)!.length > 1 || this.#isPermanent(node);
      if (isShared || takesBlocks(node) || depth === deepestNesting) kept.add(node);
      depths.set(node, kept.has(node) ? 0 : depth);
    }
    return kept;
  }
}

/** Instructions are nested by recursion, which must not depend on the length of an expression. */
const deepestNesting = 64;

/** Blocks within an instruction's operands would separate them from it. */
function takesBlocks({ kind }: Vector): boolean {
  return kind === 'lanewise' || kind === 'repair';
}

/** The roots and all that they are made of, operands first. */
export function reachable(roots: readonly Vector[]): readonly Vector[] {
  const found = new Set<Vector>(roots);
  // Operands are appended while the set is walked.
  for (const node of found) node.operands.forEach((operand) => found.add(operand));
  return [...found].toSorted((a, b) => a.id - b.id);
}

function usersOf(nodes: readonly Vector[]): ReadonlyMap<Vector, readonly Vector[]> {
  const users = new Map<Vector, Vector[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const operand of node.operands) users.get(operand)!.push(node);
  return users;
}

function constantBytes(lane: 'f32' | 'i32' | 'f64', value: number): Uint8Array {
  switch (lane) {
    case 'f32':
      return new Uint8Array(new Float32Array(4).fill(value).buffer);
    case 'i32':
      return new Uint8Array(new Int32Array(4).fill(value).buffer);
    case 'f64':
      return new Uint8Array(new Float64Array(2).fill(value).buffer);
  }
}
