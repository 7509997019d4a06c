// Instructions a backend has no kernel for, run one by one on another backend.
import type { Instr, Program } from '../program/program.ts';
import type { TensorSpec } from '../array/dtype.ts';
import type { Backend, Executable, Store } from './contract.ts';
import type { Device } from './device.ts';

/** As a kernel's run, but the device waits for another one. */
export type FallbackRun<B> = (inputs: readonly B[], outputs: readonly (B | null)[]) => Promise<void>;

/** One instruction compiled on the other backend. */
export interface FallbackInstruction<B> {
  readonly run: FallbackRun<B>;
  dispose(): Promise<void>;
}

/** A program of one instruction: inputs and outputs are named by their position, `'0'`, `'1'`, … */
export function singleInstruction(instr: Instr, slots: readonly TensorSpec[]): Program {
  const inputs = instr.in.map((slot) => slots[slot]!);
  const written = instr.out.filter((slot) => slot !== null);
  const out = instr.out.map((slot) => (slot === null ? null : inputs.length + written.indexOf(slot)));
  return {
    version: 1,
    slots: [...inputs, ...written.map((slot) => slots[slot]!)],
    instrs: [{ op: instr.op, attrs: instr.attrs, in: inputs.map((_, index) => index), out, path: instr.path }],
    inputs: Object.fromEntries(inputs.map((_, index) => [String(index), index])),
    constants: {},
    variables: {},
    outputs: Object.fromEntries(out.flatMap((slot, index) => (slot === null ? [] : [[String(index), slot]]))),
  };
}

/** Compiles one instruction on `fallback`; its run moves inputs there and results back. */
export async function compileFallback<B>(
  fallback: Backend,
  device: Device<B>,
  instr: Instr,
  slots: readonly TensorSpec[],
): Promise<FallbackInstruction<B>> {
  const program = singleInstruction(instr, slots);
  const executable: Executable = await fallback.compile(program);
  const store: Store = await fallback.createStore({});
  return {
    async run(inputs, outputs) {
      const arrays = await Promise.all(inputs.map(async (buffer, index) => device.read(buffer, program.slots[index]!)));
      const results = executable.run(store, Object.fromEntries(arrays.map((array, index) => [String(index), array])));
      for (const name of Object.keys(program.outputs)) device.write(outputs[Number(name)]!, await results.read(name));
    },
    async dispose() {
      await Promise.all([executable.dispose(), store.dispose()]);
    },
  };
}
