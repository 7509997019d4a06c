// The scalar expression language: what one element of a `map` computes. Plain data, so it prints, hashes and travels.

/** What a scalar is inside an expression. u8 storage is read as f32. */
export type ScalarType = 'f32' | 'i32' | 'bool';

/** Functions of one number. All but `neg`, `abs` and `sign` are f32 only; `not` is bool only. */
export type UnaryName =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'sqrt'
  | 'reciprocalSqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'not';

/**
 * Functions of two numbers of one type, giving that type. `pow` is f32 only; `and` and `or` are bool only. `div` on i32 truncates,
 * and gives 0 for a divisor of 0; `mod` has the sign of the divisor.
 */
export type BinaryName = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'max' | 'min' | 'and' | 'or';

/** Comparisons of two numbers of one type (`equal` and `notEqual`: of two bools too), giving bool. With NaN only `notEqual` is true. */
export type ComparisonName = 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'equal' | 'notEqual';

/** A typed scalar expression over the inputs of a `map`. */
export type Expr =
  | { readonly kind: 'input'; readonly index: number; readonly type: ScalarType }
  | { readonly kind: 'const'; readonly value: number; readonly type: ScalarType }
  | { readonly kind: 'unary'; readonly name: UnaryName; readonly x: Expr; readonly type: ScalarType }
  | { readonly kind: 'binary'; readonly name: BinaryName; readonly a: Expr; readonly b: Expr; readonly type: ScalarType }
  | { readonly kind: 'compare'; readonly name: ComparisonName; readonly a: Expr; readonly b: Expr; readonly type: 'bool' }
  | { readonly kind: 'select'; readonly condition: Expr; readonly a: Expr; readonly b: Expr; readonly type: ScalarType }
  | { readonly kind: 'cast'; readonly x: Expr; readonly type: ScalarType };
