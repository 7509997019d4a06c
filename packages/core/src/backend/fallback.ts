// Instructions a backend has no kernel for, run one by one on another backend.
import type { Instr, Program } from '../program/program.ts';
import type { TensorSpec } from '../array/dtype.ts';
import type { Backend, Executable, Store } from './contract.ts';
import type { Device } from './device.ts';
import type { Fallback, PreparedFallback } from './host.ts';
import type { StepRun } from './stepwise.ts';

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

/** A backend that prepares the instructions `device` has no kernel for. */
export function fallbackOn<B>(backend: Backend, device: Device<B>): Fallback<StepRun<B>> {
  return { name: backend.name, prepare: (instr, slots) => prepare(backend, device, instr, slots) };
}

/** Compiles one instruction; its run moves inputs to the other backend and results back. */
async function prepare<B>(
  backend: Backend,
  device: Device<B>,
  instr: Instr,
  slots: readonly TensorSpec[],
): Promise<PreparedFallback<StepRun<B>>> {
  const program = singleInstruction(instr, slots);
  const executable: Executable = await backend.compile(program);
  const store: Store = await backend.createStore({});
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
