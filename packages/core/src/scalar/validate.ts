// Checks that something read from a file is an expression, before anything is computed with it.
import { DTypeError, FormatError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { Overloads } from './functions.ts';
import { binaryFunctions, castFunctions, comparisonFunctions, holds, unaryFunctions } from './functions.ts';
import type { Expr, ScalarType } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The operands of each kind of node, by property. */
const operandKeys = {
  input: [],
  const: [],
  unary: ['x'],
  binary: ['a', 'b'],
  compare: ['a', 'b'],
  select: ['condition', 'a', 'b'],
  cast: ['x'],
} as const satisfies { readonly [Kind in Expr['kind']]: readonly (keyof Extract<Expr, { kind: Kind }>)[] };

/**
 * Checks every node of `value`: known kinds and functions, operands of the types they take, results of the types they state.
 *
 * @param inputTypes types of the inputs the expression may read
 * @throws FormatError for what is no expression, DTypeError for types that do not fit
 */
export function validateExpr(value: unknown, inputTypes: readonly ScalarType[]): asserts value is Expr {
  const checked = new Set<unknown>();
  const open = new Set<unknown>();
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const node = pending.at(-1);
    const fields = fieldsOf(node);
    const operands = operandKeys[kindOf(fields)].map((key: string) => fields[key]);
    const missing = operands.filter((operand) => !checked.has(operand));
    if (missing.length === 0) {
      pending.pop();
      open.delete(node);
      if (!checked.has(node)) validateNode(fields as Expr & Fields, inputTypes);
      checked.add(node);
    } else {
      open.add(node);
      if (missing.some((operand) => open.has(operand))) throw new FormatError('An expression contains itself.');
      pending.push(...missing);
    }
  }
}

function fieldsOf(node: unknown): Fields {
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) return node as Fields;
  throw new FormatError(`An expression has ${textOf(node)} where a node is needed: an object with kind, type and operands.`);
}

function kindOf({ kind }: Fields): Expr['kind'] {
  return knownKey(operandKeys, kind, 'kind of node');
}

/** Checks one node whose operands are checked. */
function validateNode(node: Expr, inputTypes: readonly ScalarType[]): void {
  knownKey(castFunctions, node.type, 'scalar type');
  switch (node.kind) {
    case 'input': {
      const type = Number.isInteger(node.index) ? inputTypes[node.index] : undefined;
      if (type === undefined) {
        throw new FormatError(
          `An expression reads input ${textOf(node.index)}, but there are ${inputTypes.length} inputs, counted from 0.`,
        );
      }
      return expectType('the input', type, node.type);
    }
    case 'const':
      if (typeof node.value === 'number' && holds[node.type](node.value)) return undefined;
      throw new FormatError(`An expression has the ${node.type} constant ${textOf(node.value)}, which is none.`);
    case 'unary':
      expectOverload(node.name, unaryFunctions, node.x.type);
      return expectType(node.name, node.x.type, node.type);
    case 'binary':
      expectOverload(node.name, binaryFunctions, node.a.type);
      expectType(`${node.name}'s second operand`, node.b.type, node.a.type);
      return expectType(node.name, node.a.type, node.type);
    case 'compare':
      expectOverload(node.name, comparisonFunctions, node.a.type);
      expectType(`${node.name}'s second operand`, node.b.type, node.a.type);
      return expectType(node.name, 'bool', node.type);
    case 'select':
      expectType("select's condition", node.condition.type, 'bool');
      expectType("select's second branch", node.b.type, node.a.type);
      return expectType('select', node.a.type, node.type);
    case 'cast':
      return undefined;
  }
}

function expectOverload(name: string, table: Readonly<Record<string, Overloads<unknown>>>, type: ScalarType): void {
  const overloads = table[knownKey(table, name, 'function')]!;
  if (overloads[type] === undefined) {
    throw new DTypeError(`An expression applies ${name} to ${type}, but it takes ${Object.keys(overloads).join(' or ')}.`);
  }
}

function expectType(what: string, actual: ScalarType, needed: ScalarType): void {
  if (actual !== needed) throw new DTypeError(`In an expression ${what} is ${actual}, but ${needed} is needed.`);
}

function knownKey<Key extends string>(table: Readonly<Record<Key, unknown>>, key: unknown, what: string): Key {
  if (typeof key === 'string' && Object.hasOwn(table, key)) return key as Key;
  const suggestion = typeof key === 'string' ? didYouMean(key, Object.keys(table)) : '';
  throw new FormatError(`An expression has the unknown ${what} ${textOf(key)}.${suggestion}`);
}

/** A value of any kind, shortly; it never fails. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? String(value) : typeof value;
}
