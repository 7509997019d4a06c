// Two backends on one program, instruction by instruction: where they part, and which of them the reference agrees with.
import { stepThrough } from '@nn/backend-reference';
import type { Backend, CompositeName, Instr, NdArray, Program } from '@nn/core';
import { NdArray as HostArray, opNamed, printInstr, singleInstruction } from '@nn/core';
import type { ProgramArrays } from '../golden/execute.ts';
import { execute } from '../golden/execute.ts';
import type { Expectation } from '../gradients/agreement.ts';
import { compareResults, expectationsOf, resultsByName } from '../gradients/agreement.ts';
import { factorOf } from './capabilities.ts';
import { shaderRoom } from './shaderErrors.ts';

/** What two backends make of one instruction. */
export interface Parting {
  /** Index into the program's instructions. */
  readonly instr: number;
  readonly text: string;
  readonly path: string;
  /** Of the first and of the second backend: why the reference disagrees; undefined where it agrees. */
  readonly reasons: readonly [string | undefined, string | undefined];
}

/** An instruction as a program, over what the reference found before it, and what has to come out. */
interface Question {
  readonly program: Program;
  readonly arrays: ProgramArrays;
  readonly expectations: ReadonlyMap<string, Expectation>;
}

/**
 * Runs every instruction on both backends with the reference's values as inputs, so that no error is passed on.
 * @param options factor: on the tolerances, in place of what each backend's accuracy asks for
 * @returns the first instruction at which one of them is wrong or they differ; undefined when there is none
 */
export async function comparePrograms(
  backends: readonly [Backend, Backend],
  program: Program,
  arrays: ProgramArrays,
  { factor }: { readonly factor?: number } = {},
): Promise<Parting | undefined> {
  const values = new Map<number, NdArray>();
  for (const [name, slot] of Object.entries(program.inputs)) values.set(slot, arrays.inputs[name]!);
  for (const [slot, value] of Object.entries(program.constants)) values.set(Number(slot), value);
  for (const [name, { read }] of Object.entries(program.variables)) values.set(read, arrays.variables[name]!);
  for await (const { instr: index, outputs } of stepThrough(program, arrays.variables, arrays.inputs)) {
    const instr = program.instrs[index]!;
    const question = await questionAbout(instr, program, values);
    const [first, second] = [await disagreement(backends[0], question, factor), await disagreement(backends[1], question, factor)];
    if (first !== undefined || second !== undefined) {
      return { instr: index, text: printInstr(instr, program.slots), path: instr.path, reasons: [first, second] };
    }
    outputs.forEach((value, position) => value !== null && values.set(instr.out[position]!, value));
  }
  return undefined;
}

async function questionAbout(instr: Instr, { slots }: Program, values: ReadonlyMap<number, NdArray>): Promise<Question> {
  const program = singleInstruction(instr, slots);
  // All get the same numbers, those that float32 holds.
  const inputs = Object.fromEntries(instr.in.map((slot, position) => [String(position), asFloat32(values.get(slot)!)]));
  const by = Object.entries(inputs).flatMap(([name, { dtype }]) => (dtype === 'f32' ? [name] : []));
  const arrays = { inputs, variables: {} };
  const op = opNamed(instr.op);
  const exactly = op.rounds ? {} : { fixed: { rtol: 0, atol: 0 } };
  const expectations = await expectationsOf({ ...arrays, by, exact: false }, program, exactly);
  if (op.kind === 'composite') {
    for (const name of accidents[op.name as CompositeName] ?? []) expectations.delete(String(op.outputNames.indexOf(name)));
  }
  return { program, arrays, expectations };
}

/** Outputs that say how a backend rounds: `correction` is what rounding left of `center`, and only their sum means something. */
const accidents: Partial<Record<CompositeName, readonly string[]>> = { normalize: ['correction'] };

function asFloat32(array: NdArray): NdArray {
  return array.dtype === 'f32' ? new HostArray(Float32Array.from(array.data), array.shape, 'f32') : array;
}

async function disagreement(
  backend: Backend,
  { program, arrays, expectations }: Question,
  factor = factorOf(backend.capabilities),
): Promise<string | undefined> {
  const { strictFloat, accuracy } = backend.capabilities;
  try {
    const results = await execute(backend, program, arrays);
    const room =
      accuracy === 'shader' ? await shaderRoom(async (other) => resultsByName(await execute(other, program, arrays))) : undefined;
    const allowed = [...expectations].map(([where, expectation]) => [where, { ...expectation, room: room?.get(where) ?? 0 }] as const);
    const failed = compareResults(results, new Map(allowed), { factor, strictFloat }).find(({ ok }) => !ok);
    return failed === undefined ? undefined : `output ${failed.where}: ${failed.reason}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
