// Checks that something read from a file is an expression, before anything is computed with it.
import { DTypeError, FormatError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import { didYouMean } from '../errors/suggest.ts';
import { binary, cast, compare, select, unary } from './build.ts';
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
  throw new FormatError(`An expression has ${valueText(node)} where a node is needed: an object with kind, type and operands.`);
}

function kindOf({ kind }: Fields): Expr['kind'] {
  return knownKey(operandKeys, kind, 'kind of node');
}

/** Checks one node whose operands are checked: it has the type that it would have been built with. */
function validateNode(node: Expr, inputTypes: readonly ScalarType[]): void {
  knownKey(castFunctions, node.type, 'scalar type');
  const { type } = builtFrom(node, inputTypes);
  if (node.type === type) return;
  throw new DTypeError(`An expression says that ${'name' in node ? node.name : node.kind} is ${node.type}, but it is ${type}.`);
}

/** The same node made by the builder of its kind, which says what types fit. */
function builtFrom(node: Expr, inputTypes: readonly ScalarType[]): Pick<Expr, 'type'> {
  switch (node.kind) {
    case 'input': {
      const type = Number.isInteger(node.index) ? inputTypes[node.index] : undefined;
      if (type !== undefined) return { type };
      throw new FormatError(
        `An expression reads input ${valueText(node.index)}, but there are ${inputTypes.length} inputs, counted from 0.`,
      );
    }
    case 'const':
      if (typeof node.value === 'number' && holds[node.type](node.value)) return node;
      throw new FormatError(`An expression has the ${node.type} constant ${valueText(node.value)}, which is none.`);
    case 'unary':
      return unary(knownKey(unaryFunctions, node.name, 'function'), node.x);
    case 'binary':
      return binary(knownKey(binaryFunctions, node.name, 'function'), node.a, node.b);
    case 'compare':
      return compare(knownKey(comparisonFunctions, node.name, 'function'), node.a, node.b);
    case 'select':
      return select(node.condition, node.a, node.b);
    case 'cast':
      return cast(node.x, node.type);
  }
}

function knownKey<Key extends string>(table: Readonly<Record<Key, unknown>>, key: unknown, what: string): Key {
  if (typeof key === 'string' && Object.hasOwn(table, key)) return key as Key;
  const suggestion = typeof key === 'string' ? didYouMean(key, Object.keys(table)) : '';
  throw new FormatError(`An expression has the unknown ${what} ${valueText(key)}.${suggestion}`);
}
