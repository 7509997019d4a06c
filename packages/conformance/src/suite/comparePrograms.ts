// Two backends on one program, instruction by instruction: where they part, and which of them the reference agrees with.
import { stepThrough } from '@nn/backend-reference';
import type { Backend, Instr, NdArray, Program } from '@nn/core';
import { printInstr, singleInstruction } from '@nn/core';
import { compareTensor } from '../golden/compare.ts';
import type { ProgramArrays } from '../golden/execute.ts';
import { execute } from '../golden/execute.ts';
import { goldenTensor } from '../golden/format.ts';
import { largest } from '../gradients/agreement.ts';

/** What two backends make of one instruction. */
export interface Parting {
  /** Index into the program's instructions. */
  readonly instr: number;
  readonly text: string;
  readonly path: string;
  /** Of the first and of the second backend: why the reference disagrees; undefined where it agrees. */
  readonly reasons: readonly [string | undefined, string | undefined];
}

/**
 * Runs every instruction on both backends with the reference's values as inputs, so that no error is passed on.
 * @returns the first instruction at which one of them is wrong or they differ; undefined when there is none
 */
export async function comparePrograms(
  backends: readonly [Backend, Backend],
  program: Program,
  arrays: ProgramArrays,
  { factor = 1 }: { readonly factor?: number } = {},
): Promise<Parting | undefined> {
  const values = new Map<number, NdArray>();
  for (const [name, slot] of Object.entries(program.inputs)) values.set(slot, arrays.inputs[name]!);
  for (const [slot, value] of Object.entries(program.constants)) values.set(Number(slot), value);
  for (const [name, { read }] of Object.entries(program.variables)) values.set(read, arrays.variables[name]!);
  for await (const { instr: index, outputs } of stepThrough(program, arrays.variables, arrays.inputs)) {
    const instr = program.instrs[index]!;
    const [first, second] = [
      await disagreement(backends[0], instr, { program, values, outputs, factor }),
      await disagreement(backends[1], instr, { program, values, outputs, factor }),
    ];
    if (first !== undefined || second !== undefined) {
      return { instr: index, text: printInstr(instr, program.slots), path: instr.path, reasons: [first, second] };
    }
    outputs.forEach((value, position) => value !== null && values.set(instr.out[position]!, value));
  }
  return undefined;
}

interface Step {
  readonly program: Program;
  readonly values: ReadonlyMap<number, NdArray>;
  readonly outputs: readonly (NdArray | null)[];
  readonly factor: number;
}

async function disagreement(backend: Backend, instr: Instr, { program, values, outputs, factor }: Step): Promise<string | undefined> {
  const inputs = Object.fromEntries(instr.in.map((slot, position) => [String(position), values.get(slot)!]));
  try {
    const results = await execute(backend, singleInstruction(instr, program.slots), { inputs, variables: {} });
    for (const [position, expected] of outputs.entries()) {
      if (expected === null) continue;
      const tolerance = { rtol: 2e-6, atol: 1e-6 * largest(expected, Math.abs) };
      const { reason } = compareTensor(results.outputs.get(String(position))!, goldenTensor(expected), { tolerance, factor });
      if (reason !== undefined) return `output ${position}: ${reason}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
