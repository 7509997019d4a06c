// Programs as text: for people (`printProgram`) and, canonically, for comparing and hashing (`canonicalText`).
import { specText } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import { printExpr } from '../scalar/index.ts';
import type { Expr } from '../scalar/types.ts';
import type { Attr, Attrs, Instr, Program, Slot } from './program.ts';

/** The program as lines a person can read: inputs, variables, constants, one line per instruction, outputs. */
export function printProgram(program: Program): string {
  const spec = (slot: Slot): string => specText(program.slots[slot]!);
  const lines: string[] = [];
  for (const [key, slot] of Object.entries(program.inputs)) lines.push(`${name(slot)} = input "${key}" : ${spec(slot)}`);
  for (const [key, use] of Object.entries(program.variables)) lines.push(`${name(use.read)} = variable "${key}" : ${spec(use.read)}`);
  for (const [slot, value] of Object.entries(program.constants)) lines.push(`%${slot} = constant ${constantText(value)}`);
  for (const instr of program.instrs) {
    const outs = instr.out.map(name).join(', ');
    const specs = instr.out.flatMap((slot) => (slot === null ? [] : [spec(slot)])).join(', ');
    lines.push(
      `${outs} = ${instr.op}(${instr.in.map(name).join(', ')})${attrsText(instr.attrs)} : ${specs}${instr.path === '' ? '' : `  # ${instr.path}`}`,
    );
  }
  for (const [key, use] of Object.entries(program.variables))
    if (use.write !== undefined) lines.push(`variable "${key}" = ${name(use.write)}`);
  for (const [key, slot] of Object.entries(program.outputs)) lines.push(`output "${key}" = ${name(slot)}`);
  return lines.join('\n');
}

const name = (slot: Slot | null): string => (slot === null ? '_' : `%${slot}`);

/** One instruction with the specs of its inputs, for messages and reports. */
export function printInstr(instr: Instr, slots: Program['slots']): string {
  return `${instr.op}(${instr.in.map((slot) => specText(slots[slot]!)).join(', ')})${attrsText(instr.attrs)}`;
}

function attrsText(attrs: Attrs): string {
  const parts = Object.entries(attrs).map(([key, value]) =>
    key === 'expression' ? printExpr(value as Expr) : `${key}: ${attrText(value)}`,
  );
  return parts.length === 0 ? '' : ` { ${parts.join(', ')} }`;
}

function attrText(value: Attr): string {
  if (Array.isArray(value)) return `[${value.map(attrText).join(', ')}]`;
  return typeof value === 'number' ? numberText(value) : JSON.stringify(value);
}

function constantText(value: NdArray): string {
  return value.data.length === 1 ? `${specText(value)} ${numberText(value.data[0]!)}` : specText(value);
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/**
 * One text per meaning: keys sorted, NaN, −0 and the infinities told apart, layer paths and source lines left out.
 * Two programs with the same text compute the same thing.
 */
export function canonicalText(program: Program): string {
  return encode({
    version: program.version,
    slots: program.slots.map(specText),
    instrs: program.instrs.map(({ op, attrs, in: inputs, out }) => [op, attrs, inputs, out]),
    inputs: program.inputs,
    constants: Object.fromEntries(
      Object.entries(program.constants).map(([slot, value]) => [slot, [specText(value), Array.from(value.data)]]),
    ),
    variables: program.variables,
    outputs: program.outputs,
  });
}

/** The canonical text of any attribute. */
export function encode(value: unknown): string {
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : numberText(value);
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${encode(entry)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
