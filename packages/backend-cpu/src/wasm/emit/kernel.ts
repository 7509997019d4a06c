// The function that runs a loop: the share of a thread, row by row, vector by vector.
import type { ArgumentLayout } from './arguments.ts';
import { argumentLayout } from './arguments.ts';
import type { Emit, Label, Local } from './encoding/functionBuilder.ts';
import { FunctionBuilder } from './encoding/functionBuilder.ts';
import { vectorOf } from './expressionVectors.ts';
import { GraphCode, reachable } from './graphCode.ts';
import type { ComputedRoots } from './graphCode.ts';
import type { MapLoop } from './group.ts';
import type { OutputVector } from './storage.ts';
import { readVector, writtenVector } from './storage.ts';
import { partialBytes, sumBlock, SumOutputs } from './sumOutputs.ts';
import type { GraphOptions, HelperName, Level, Vector } from './vectorGraph.ts';
import { VectorGraph } from './vectorGraph.ts';

/** Elements of a vector. */
const lanes = 4;
/** Threads begin at multiples of so many elements, where nothing is added up: 64 bytes of f32, so that no two write to one cache line. */
const shareUnit = 16;
/** A thread takes at least so many vector instructions, a microsecond's worth or two: less would not pay for meeting the others. */
const smallestShareWeight = 2 ** 15;
/** Up to so many instructions per vector the loop itself counts, and is unrolled further. */
const lightWeight = 16;

export interface KernelOptions extends GraphOptions {
  readonly helperIndex: (name: HelperName) => number;
}

export interface KernelCode {
  readonly builder: FunctionBuilder;
  readonly layout: ArgumentLayout;
  /** Vector instructions for four elements, the loads and stores included. */
  readonly weight: number;
  /** A thread takes this many elements or more, if there are so many. */
  readonly smallestShare: number;
}

const levels = { dense: 2, row: 1, scalar: 0 } as const satisfies Record<MapLoop['inputs'][number]['reading'], Level>;

export function buildKernel(loop: MapLoop, options: KernelOptions): KernelCode {
  const allSteps = [...loop.outputs, ...loop.sums].flat();
  const g = new VectorGraph(options, new Set(allSteps.flatMap((step) => (step.kind === 'unary' ? [step.name] : []))));
  const valueOf = (steps: MapLoop['outputs'][number]): Vector =>
    vectorOf(g, steps, (position) => {
      const { dtype, reading } = loop.inputs[position]!;
      return readVector(g, position, dtype, reading === 'dense' ? 'dense' : 'uniform', levels[reading]);
    });
  const outputs = loop.outputs.map((steps) => writtenVector(g, valueOf(steps), steps.at(-1)!.type));
  const sums = loop.sums.map(valueOf);
  const nodes = reachable([...outputs.map(({ vector }) => vector), ...sums]);
  const layout = argumentLayout(loop);
  const weight = 1 + nodes.filter(({ level }) => level === 2).length;
  const unit = sums.length > 0 ? sumBlock : shareUnit;
  const smallestShare = Math.ceil(smallestShareWeight / weight / unit) * unit;
  const unroll = weight <= lightWeight ? 4 : 2;
  const plan = { layout, unit, smallestShare, unroll, helperIndex: options.helperIndex };
  return { builder: new KernelBuilder(loop, outputs, sums, plan).build(), layout, weight, smallestShare };
}

interface KernelPlan {
  readonly layout: ArgumentLayout;
  /** Threads begin at multiples of so many elements. */
  readonly unit: number;
  readonly smallestShare: number;
  /** Vectors per turn of the main loop. */
  readonly unroll: number;
  readonly helperIndex: (name: HelperName) => number;
}

class KernelBuilder {
  readonly #loop: MapLoop;
  readonly #outputs: readonly OutputVector[];
  readonly #plan: KernelPlan;
  readonly #code = new FunctionBuilder({ parameters: ['i32', 'i32', 'i32'], results: [] });
  readonly #arguments: Local;
  /** Where the next elements of the outputs and inputs are. */
  readonly #targets: readonly Local[];
  readonly #sources: readonly Local[];
  readonly #vectors: GraphCode;
  readonly #sums: SumOutputs;
  /** Elements left to this thread, in all and of the row. */
  readonly #left: Local;
  readonly #count: Local;

  constructor(loop: MapLoop, outputs: readonly OutputVector[], sums: readonly Vector[], plan: KernelPlan) {
    const code = this.#code;
    this.#loop = loop;
    this.#outputs = outputs;
    this.#plan = plan;
    this.#arguments = code.parameters[0]!;
    this.#targets = outputs.map(() => code.local('i32'));
    this.#sources = loop.inputs.map(() => code.local('i32'));
    this.#left = code.local('i32');
    this.#count = code.local('i32');
    this.#vectors = new GraphCode(code, [...outputs.map(({ vector }) => vector), ...sums], {
      pointers: this.#sources,
      helperIndex: plan.helperIndex,
    });
    this.#sums = new SumOutputs(code, sums);
  }

  build(): FunctionBuilder {
    const code = this.#code;
    const start = code.local('i32');
    code.block((done) => {
      this.#share(start, done);
      this.#outputs.forEach(({ bytes }, index) => {
        code.assign(this.#targets[index]!, this.#behind(this.#argument(this.#plan.layout.outputs + 4 * index), start, bytes));
      });
      this.#sources.forEach((source, index) => code.assign(source, this.#argument(this.#plan.layout.inputs + 4 * index)));
      this.#vectors.hoist(0);
      if (this.#loop.outer.length > 0) return this.#rows(start);
      this.#loop.inputs.forEach(({ reading, bytes }, index) => {
        if (reading === 'dense') code.assign(this.#sources[index]!, this.#behind(this.#sources[index]!, start, bytes));
      });
      if (this.#loop.sums.length > 0) return this.#blocks(start);
      code.assign(this.#count, this.#left);
      this.#row();
    });
    return code;
  }

  /** Block by block, with the sums of each. */
  #blocks(start: Local): void {
    const code = this.#code;
    const { apply } = code;
    const { partials } = this.#sums;
    partials.forEach((partial, index) => {
      const first = this.#argument(this.#plan.layout.outputs + 4 * (this.#outputs.length + index));
      code.assign(partial, apply('i32.add', first, apply('i32.mul', apply('i32.div_u', start, sumBlock), partialBytes)));
    });
    code.loop((next) => {
      code.assign(this.#count, sumBlock);
      code.if(apply('i32.gt_s', this.#count, this.#left), () => code.assign(this.#count, this.#left));
      code.assign(this.#left, apply('i32.sub', this.#left, this.#count));
      this.#sums.begin();
      this.#row();
      this.#sums.end();
      code.branchIf(next, apply('i32.gt_s', this.#left, 0));
    });
  }

  /** The first element of this thread in `start`, the number of its elements in #left; branches to `done` when there are none. */
  #share(start: Local, done: Label): void {
    const code = this.#code;
    const { apply } = code;
    const [, thread, threads] = code.parameters as [Local, Local, Local];
    const size = this.#argument(this.#plan.layout.size);
    const { unit } = this.#plan;
    const units = apply('i32.div_u', apply('i32.add', size, unit - 1), unit);
    const share = code.local('i32');
    code.assign(share, apply('i32.div_u', apply('i32.sub', apply('i32.add', units, threads), 1), threads));
    code.assign(share, apply('i32.mul', share, unit));
    code.if(apply('i32.lt_u', share, this.#plan.smallestShare), () => code.assign(share, this.#plan.smallestShare));
    code.assign(start, apply('i32.mul', share, thread));
    code.assign(this.#left, apply('i32.sub', size, start));
    code.branchIf(done, apply('i32.le_s', this.#left, 0));
    code.if(apply('i32.lt_u', share, this.#left), () => code.assign(this.#left, share));
    code.release(share);
  }

  /** Row by row, from the one in which `start` is. */
  #rows(start: Local): void {
    const code = this.#code;
    const { apply } = code;
    const { outer, inputs } = this.#loop;
    const layout = this.#plan.layout;
    const [columns, column, row] = [0, 1, 2].map(() => code.local('i32')) as [Local, Local, Local];
    const indices = outer.map(() => code.local('i32'));
    const extent = (axis: number): Emit => this.#argument(layout.outer + 4 * axis);
    const moving = inputs.flatMap(({ reading }, input) => (reading === 'scalar' ? [] : [input]));
    const advance = (input: number, bytes: Emit): void =>
      code.assign(this.#sources[input]!, apply('i32.add', this.#sources[input]!, bytes));

    code.assign(columns, this.#argument(layout.columns));
    code.assign(row, apply('i32.div_u', start, columns));
    code.assign(column, apply('i32.rem_u', start, columns));
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      code.assign(indices[axis]!, apply('i32.rem_u', row, extent(axis)));
      code.assign(row, apply('i32.div_u', row, extent(axis)));
      for (const input of moving) advance(input, apply('i32.mul', indices[axis]!, this.#argument(layout.strides[input]! + 4 * axis)));
    }
    inputs.forEach(({ reading, bytes }, input) => {
      if (reading === 'dense') code.assign(this.#sources[input]!, this.#behind(this.#sources[input]!, column, bytes));
    });

    code.loop((nextRow) => {
      this.#vectors.hoist(1);
      code.assign(this.#count, apply('i32.sub', columns, column));
      code.if(apply('i32.gt_s', this.#count, this.#left), () => code.assign(this.#count, this.#left));
      code.assign(this.#left, apply('i32.sub', this.#left, this.#count));
      this.#row();
      code.assign(column, 0);
      code.block((advanced) => {
        for (let axis = outer.length - 1; axis >= 0; axis--) {
          for (const input of moving) advance(input, this.#argument(layout.steps[input]! + 4 * axis));
          code.assign(indices[axis]!, apply('i32.add', indices[axis]!, 1));
          code.branchIf(advanced, apply('i32.lt_u', indices[axis]!, extent(axis)));
          code.assign(indices[axis]!, 0);
        }
      });
      code.branchIf(nextRow, apply('i32.gt_s', this.#left, 0));
    });
  }

  /** The next #count elements, all of one row. Pointers are behind them then. */
  #row(): void {
    const code = this.#code;
    const { apply } = code;
    const many = this.#plan.unroll * lanes;
    code.if(apply('i32.ge_s', this.#count, many), () =>
      code.loop((next) => {
        this.#wholeVectors();
        this.#advance(many);
        code.branchIf(next, apply('i32.ge_s', this.#count, many));
      }),
    );
    code.if(apply('i32.gt_s', this.#count, 0), () => {
      code.loop((next) => {
        this.#lastVector();
        this.#advance(lanes);
        code.branchIf(next, apply('i32.gt_s', this.#count, 0));
      });
      // What went beyond the end comes back.
      this.#move((bytes) => apply('i32.mul', this.#count, bytes));
      code.assign(this.#count, 0);
    });
  }

  /** Two vectors at a time, stored next to each other: engines can join such pairs to vectors of 256 bits. */
  #wholeVectors(): void {
    const code = this.#code;
    for (let first = 0; first < this.#plan.unroll; first += 2) {
      const pair = [first, first + 1];
      const computed = pair.map((index) => this.#vectors.compute(index)) as [ComputedRoots, ComputedRoots];
      this.#outputs.forEach(({ vector, bytes }, output) =>
        pair.forEach((index, position) => {
          code.push(this.#targets[output]!);
          code.push(computed[position]!.localOf(vector));
          if (bytes === 4) code.memory('v128.store', 16 * index);
          else code.laneMemory('v128.store32_lane', 4 * index, 0);
        }),
      );
      this.#sums.addPair(...computed);
      computed.forEach(({ release }) => release());
    }
  }

  /** One vector, of which no more than #count elements are written. */
  #lastVector(): void {
    const code = this.#code;
    const { apply } = code;
    const computed = this.#vectors.compute(0);
    const { localOf, release } = computed;
    const store = (output: number, write: () => void): void => {
      code.push(this.#targets[output]!);
      code.push(localOf(this.#outputs[output]!.vector));
      write();
    };
    code.if(
      apply('i32.ge_s', this.#count, lanes),
      () =>
        this.#outputs.forEach(({ bytes }, output) =>
          store(output, () => (bytes === 4 ? code.memory('v128.store', 0) : code.laneMemory('v128.store32_lane', 0, 0))),
        ),
      () =>
        this.#outputs.forEach(({ bytes }, output) => {
          for (let lane = 0; lane < lanes - 1; lane++) {
            const storeLane = (): void =>
              store(output, () => code.laneMemory(bytes === 4 ? 'v128.store32_lane' : 'v128.store8_lane', bytes * lane, lane));
            if (lane === 0) storeLane();
            else code.if(apply('i32.gt_s', this.#count, lane), storeLane);
          }
        }),
    );
    this.#sums.addFirst(computed, this.#count);
    release();
  }

  /** Moves on by some elements of the row. */
  #advance(elements: number): void {
    const { apply } = this.#code;
    this.#move((bytes) => elements * bytes);
    this.#code.assign(this.#count, apply('i32.sub', this.#count, elements));
  }

  /** Moves outputs and dense inputs by so many bytes, given the bytes of an element. */
  #move(distance: (bytes: number) => Emit | number): void {
    const code = this.#code;
    const moveOne = (pointer: Local, bytes: number): void => code.assign(pointer, code.apply('i32.add', pointer, distance(bytes)));
    this.#outputs.forEach(({ bytes }, index) => moveOne(this.#targets[index]!, bytes));
    this.#loop.inputs.forEach(({ reading, bytes }, index) => {
      if (reading === 'dense') moveOne(this.#sources[index]!, bytes);
    });
  }

  #argument(offset: number): Emit {
    return this.#code.load('i32.load', this.#arguments, offset);
  }

  /** The address `index` elements behind another. */
  #behind(address: Emit | Local, index: Local, bytes: number): Emit {
    const { apply } = this.#code;
    return apply('i32.add', address, apply('i32.mul', index, bytes));
  }
}
