// Deliberately wrong backends. A suite that lets one of them pass is not worth its name.
import { referenceKernels } from '@nn/backend-reference';
import type {
  Attrs,
  Backend,
  Capabilities,
  CompositeAttrs,
  CompositeName,
  Device,
  Expr,
  Kernel,
  KernelName,
  KernelTable,
  PartialKernelTable,
  PrimitiveAttrs,
  scalar,
  Tensor,
  TypedArray,
} from '@nn/core';
import { allocateTyped, composites, hostDevice, kernelBackend, lower, newTrace, sizeOf } from '@nn/core';
import type { Peers } from '../suite/contract.ts';
import { rewritten } from '../suite/rewrite.ts';

/** What is wrong with a mutant, in one word for all ops it can be wrong in. */
export type MutantKind =
  | 'wrong axis'
  | 'biased and unbiased'
  | 'epsilon'
  | 'dropped tail'
  | 'stale buffer'
  | 'cancellation'
  | 'random numbers'
  | 'gradient'
  | 'overflow'
  | 'NaN and zeros'
  | 'order of threads'
  | 'leak'
  | 'start of a maximum'
  | 'empty arrays'
  | 'integers'
  | 'broadcasting'
  | 'out of range'
  | 'windows'
  | 'ownership'
  | 'errors';

/** A backend with one thing changed. */
export interface Mutant {
  readonly name: string;
  readonly kind: MutantKind;
  /** What is changed: cases whose id contains this are tried first. */
  readonly subject: string;
  /** Makes the backend, what tells how much memory it holds, and the same on other numbers of threads. */
  create(): MutantRun;
}

/** What a mutant is tried with. */
export interface MutantRun {
  readonly backend: Backend;
  readonly bytesInUse?: () => number;
  readonly peers?: Peers;
}

type Buffer = TypedArray;
type Table = KernelTable<Buffer>;
type PrimitiveKernel<Name extends KernelName> = Kernel<Buffer, PrimitiveAttrs[Name]>;

const capabilities: Capabilities = { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: true, threads: 1 };

/** The reference's kernels on float32 buffers, where sums are still added in float64. */
const rightKernels: Table = {
  ...referenceKernels,
  reduce: addedInDouble(referenceKernels.reduce),
  scatterAdd: addedInDouble(referenceKernels.scatterAdd),
};

function addedInDouble<A>(kernel: Kernel<Buffer, A>): Kernel<Buffer, A> {
  return (call) => {
    const run = kernel(call);
    return (inputs, [output]) => {
      const sums = new Float64Array(output!.length);
      run(inputs, [sums]);
      output!.set(sums);
    };
  };
}

/** The backend that mutants differ from in one thing. */
export function unchangedBackend(): Required<MutantRun> {
  return {
    ...backendOf(rightKernels, countingDevice()),
    peers: { 'more threads': () => backendOf(rightKernels, countingDevice()).backend },
  };
}

/** A mutant of a primitive whose results depend on the number of threads that share the work. */
export function ofThreads<Name extends KernelName>(
  name: Name,
  what: string,
  change: (right: PrimitiveKernel<Name>, threads: number) => PrimitiveKernel<Name>,
): Mutant {
  const on = (threads: number): Required<Omit<MutantRun, 'peers'>> =>
    backendOf({ ...rightKernels, [name]: change(rightKernels[name] as PrimitiveKernel<Name>, threads) }, countingDevice());
  return {
    name: `${name}: ${what}`,
    kind: 'order of threads',
    subject: '/determinism/',
    create: () => ({ ...on(2), peers: { 'three threads': () => on(3).backend } }),
  };
}

function backendOf(
  kernels: Table,
  device: Device<Buffer> & { readonly bytesInUse: () => number },
): { backend: Backend; bytesInUse: () => number } {
  return { backend: kernelBackend('mutant', capabilities, device, kernels), bytesInUse: device.bytesInUse };
}

/** Float32 buffers that are counted until they are freed. */
export function countingDevice(): Device<Buffer> & { readonly bytesInUse: () => number } {
  const host = hostDevice();
  const held = new Set<Buffer>();
  return {
    ...host,
    allocate(dtype, length) {
      const buffer = host.allocate(dtype, length);
      held.add(buffer);
      return buffer;
    },
    free: (buffer) => void held.delete(buffer),
    bytesInUse: () => [...held].reduce((bytes, buffer) => bytes + buffer.byteLength, 0),
  };
}

/** A mutant of a primitive: `change` makes the wrong kernel of the right one. */
export function ofPrimitive<Name extends KernelName>(
  kind: MutantKind,
  name: Name,
  what: string,
  change: (right: PrimitiveKernel<Name>) => PrimitiveKernel<Name>,
): Mutant {
  return {
    name: `${name}: ${what}`,
    kind,
    subject: `/${name}/`,
    create: () => backendOf({ ...rightKernels, [name]: change(rightKernels[name] as PrimitiveKernel<Name>) }, countingDevice()),
  };
}

/** A mutant of `map` that computes other expressions: `change` gets every node, its operands changed already. */
export function ofExpressions(kind: MutantKind, what: string, change: (node: Expr) => Expr): Mutant {
  return {
    ...ofPrimitive(
      kind,
      'map',
      what,
      (right) => (call) => right({ ...call, attrs: { expression: rewritten(call.attrs.expression, change) } }),
    ),
    subject: '/map/',
  };
}

/** A mutant of a composite: its definition, written with ops that are right, and the mistake. */
export function ofComposite<Name extends CompositeName>(
  kind: MutantKind,
  name: Name,
  what: string,
  definition: (inputs: readonly Tensor[], attrs: CompositeAttrs[Name]) => Readonly<Record<string, Tensor>>,
): Mutant {
  return {
    name: `${name}: ${what}`,
    kind,
    subject: `/${name}/`,
    create: () => backendOf({ ...rightKernels, [name]: definedKernel(name, definition) }, countingDevice()),
  };
}

/** A mutant whose memory misbehaves. */
export function ofDevice(
  kind: MutantKind,
  what: string,
  subject: string,
  change: (device: Device<Buffer> & { readonly bytesInUse: () => number }) => Partial<Device<Buffer>>,
): Mutant {
  return {
    name: what,
    kind,
    subject,
    create() {
      const device = countingDevice();
      return backendOf(rightKernels, { ...device, ...change(device) });
    },
  };
}

/** A mutant that wraps what the right backend makes. */
export function ofBackend(kind: MutantKind, what: string, subject: string, change: (right: Backend) => Partial<Backend>): Mutant {
  return {
    name: what,
    kind,
    subject,
    create() {
      const { backend, bytesInUse } = unchangedBackend();
      const right: Backend = {
        specVersion: 1,
        name: backend.name,
        capabilities: backend.capabilities,
        keeps: (instr, slots) => backend.keeps(instr, slots),
        createStore: (variables) => backend.createStore(variables),
        compile: (program, options) => backend.compile(program, options),
        dispose: () => backend.dispose(),
        [Symbol.asyncDispose]: () => backend.dispose(),
      };
      return { backend: { ...right, ...change(right) }, bytesInUse };
    },
  };
}

const table: PartialKernelTable<Buffer> = rightKernels;

/** A kernel from a definition: its instructions run one after the other on buffers of their own. */
function definedKernel<Name extends CompositeName>(
  name: Name,
  definition: (inputs: readonly Tensor[], attrs: CompositeAttrs[Name]) => Readonly<Record<string, Tensor>>,
): Kernel<Buffer, CompositeAttrs[Name]> {
  return ({ attrs, inputs, outputs }) => {
    const trace = newTrace();
    const traced = trace.run(() => {
      const results = definition(
        inputs.map((spec, index) => trace.input(String(index), spec)),
        attrs,
      );
      return trace.finish(Object.fromEntries(composites[name].outputNames.map((output) => [output, results[output]!])));
    });
    const program = lower(traced, () => false);
    const steps = program.instrs.map((instr) => {
      const specs = { inputs: instr.in.map((slot) => program.slots[slot]!), outputs: [program.slots[instr.out[0]!]!] };
      const kernel = Object.hasOwn(table, instr.op) ? (table as Readonly<Record<string, Kernel<Buffer, Attrs>>>)[instr.op] : undefined;
      // A reshape is the same elements.
      const run = kernel?.({ attrs: instr.attrs, ...specs }) ?? (([x]: readonly Buffer[], [y]: readonly (Buffer | null)[]) => y!.set(x!));
      return { instr, run };
    });
    return (given, results) => {
      const buffers = program.slots.map(({ dtype, shape }) => allocateTyped(dtype, sizeOf(shape)));
      Object.values(program.inputs).forEach((slot, index) => buffers[slot]!.set(given[index]!));
      for (const [slot, value] of Object.entries(program.constants)) buffers[Number(slot)]!.set(value.data);
      for (const { instr, run } of steps) {
        run(
          instr.in.map((slot) => buffers[slot]!),
          [buffers[instr.out[0]!]!],
        );
      }
      composites[name].outputNames.forEach((output, index) => {
        if (outputs[index] !== null) results[index]!.set(buffers[program.outputs[output]!]!);
      });
    };
  };
}

/** Nodes that a mutant replaces: functions by their name. */
export const calls = {
  unary: (node: Expr, name: scalar.UnaryName): node is Extract<Expr, { kind: 'unary' }> =>
    node.kind === 'unary' && node.name === name && node.type === 'f32',
  binary: (node: Expr, name: scalar.BinaryName, type: Expr['type'] = 'f32'): node is Extract<Expr, { kind: 'binary' }> =>
    node.kind === 'binary' && node.name === name && node.type === type,
};
