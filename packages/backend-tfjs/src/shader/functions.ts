// Functions that shaders do not have, or not as exactly as needed: written once, in terms of what both languages share.
import type { ShadingLanguage } from './language.ts';
import { literal } from './language.ts';

type HelperName =
  | 'expm1Of'
  | 'log1pOf'
  | 'tanhOf'
  | 'sigmoidOf'
  | 'erfOf'
  | 'powOf'
  | 'modOf'
  | 'divideIntegers'
  | 'modIntegers'
  | 'signOf';

/** Horner's scheme: Σ coefficients[n] xⁿ. */
function polynomial(coefficients: readonly number[], x: string): string {
  return coefficients.reduceRight(
    (sum, coefficient) => (sum === '' ? literal(coefficient) : `(${sum} * ${x} + ${literal(coefficient)})`),
    '',
  );
}

const series = (length: number, coefficient: (n: number) => number): number[] => Array.from({ length }, (_, n) => coefficient(n));
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** (eˣ − 1) / x */
const exponentialSeries = series(10, (n) => 1 / factorial(n + 1));
/** artanh(s) / s in s² */
const inverseTangentSeries = series(9, (n) => 1 / (2 * n + 1));
/** erf(x) / x in x² */
const errorFunctionSeries = series(13, (n) => (n % 2 === 0 ? 2 : -2) / Math.sqrt(Math.PI) / (factorial(n) * (2 * n + 1)));
/** e^(x²)·(1 − erf(x)) in t = (x − 3)/(x + 3) for x in [1, 6], as `erf` of the core has it. */
const errorFunctionTail = [
  0.17900115118138996, -0.32623356004303716, 0.24560380171233195, -0.15011593650078744, 0.07166583719774874, -0.024392499318273194,
  0.004269136347508256, 0.0007077464443901538, -0.0005970623517093284, 4.525472635483354e-5, 6.406182073530546e-5,
];

type Helper = (language: ShadingLanguage) => string;

/** A function of f32 values in lines that each give a name, and a last one that is the result. */
function helper(
  name: HelperName,
  parameters: readonly string[],
  names: (language: ShadingLanguage) => Readonly<Record<string, string>>,
  result: (language: ShadingLanguage) => string,
): Helper {
  return (language) => {
    const lines = Object.entries(names(language)).map(([local, value]) => language.constant(local, 'f32', value));
    const types = Object.fromEntries(parameters.map((parameter) => [parameter, 'f32'] as const));
    return language.define(name, 'f32', types, `${lines.join('\n')}\nreturn ${result(language)};`);
  };
}

const integerHelper = (name: HelperName, result: (language: ShadingLanguage) => string): Helper => {
  return (language) =>
    language.define(
      name,
      'i32',
      { a: 'i32', b: 'i32' },
      `${language.constant('divisor', 'i32', language.choose('b == 0', '1', 'b'))}\nreturn ${result(language)};`,
    );
};

/** In an order in which each function uses only those before it. */
export const helpers: Readonly<Record<HelperName, Helper>> = {
  // NaN is neither above nor below 0, and stays.
  signOf: helper(
    'signOf',
    ['x'],
    () => ({}),
    ({ choose }) => choose('x > 0.0', '1.0', choose('x < 0.0', '-1.0', 'x')),
  ),
  expm1Of: helper(
    'expm1Of',
    ['x'],
    () => ({ near: `x * ${polynomial(exponentialSeries, 'x')}`, far: 'exp(x) - 1.0' }),
    ({ choose }) => choose('abs(x) < 0.5', 'near', 'far'),
  ),
  // log(1 + x) = 2 artanh(x / (2 + x)): built-in logarithms are not exact near 1.
  log1pOf: helper(
    'log1pOf',
    ['x'],
    () => ({ s: 'x / (2.0 + x)', s2: 's * s', near: `2.0 * s * ${polynomial(inverseTangentSeries, 's2')}`, far: 'log(1.0 + x)' }),
    ({ choose }) => choose('abs(x) < 0.5', 'near', 'far'),
  ),
  // tanh x = e / (e + 2) with e = e²ˣ − 1, for positive x; the exponential must not overflow.
  tanhOf: helper(
    'tanhOf',
    ['x'],
    ({ choose }) => ({ size: choose('abs(x) > 15.0', '15.0', 'abs(x)'), e: 'expm1Of(2.0 * size)', t: 'e / (e + 2.0)' }),
    ({ choose }) => choose('x < 0.0', '-t', 't'),
  ),
  sigmoidOf: helper(
    'sigmoidOf',
    ['x'],
    () => ({ e: 'exp(-abs(x))' }),
    ({ choose }) => choose('x < 0.0', 'e / (1.0 + e)', '1.0 / (1.0 + e)'),
  ),
  erfOf: helper(
    'erfOf',
    ['x'],
    ({ choose }) => ({
      size: choose('abs(x) > 6.0', '6.0', 'abs(x)'),
      x2: 'x * x',
      t: '(size - 3.0) / (size + 3.0)',
      tail: `1.0 - exp(-size * size) * ${polynomial(errorFunctionTail, 't')}`,
      near: `x * ${polynomial(errorFunctionSeries, 'x2')}`,
    }),
    ({ choose }) => choose('size < 1.0', 'near', choose('x < 0.0', '-tail', 'tail')),
  ),
  // Built-in powers have no negative base.
  powOf: helper(
    'powOf',
    ['a', 'b'],
    ({ choose, special }) => ({
      // The logarithm of 0 may be a large number instead of infinity.
      size: choose('a == 0.0', choose('b < 0.0', special.infinity, '0.0'), 'pow(abs(a), b)'),
      odd: 'b - 2.0 * floor(b * 0.5)',
      negative: choose('floor(b) == b', choose('odd == 1.0', '-size', 'size'), special.nan),
    }),
    ({ choose }) =>
      choose('b == 0.0 || a == 1.0', '1.0', choose('b == 1.0', 'a', choose('b == 2.0', 'a * a', choose('a < 0.0', 'negative', 'size')))),
  ),
  modOf: helper(
    'modOf',
    ['a', 'b'],
    () => ({}),
    () => 'a - b * floor(a / b)',
  ),
  divideIntegers: integerHelper('divideIntegers', ({ choose }) => choose('b == 0', '0', 'a / divisor')),
  modIntegers: integerHelper('modIntegers', ({ choose }) => {
    const remainder = '(a - (a / divisor) * divisor)';
    return choose('b == 0', '0', choose(`${remainder} != 0 && (${remainder} < 0) != (b < 0)`, `${remainder} + b`, remainder));
  }),
};

/** The functions that `code` calls, and those that these call. */
export function helpersFor(language: ShadingLanguage, code: string): string {
  let text = code;
  const used: string[] = [];
  for (const [name, write] of Object.entries(helpers).reverse()) {
    if (!text.includes(`${name}(`)) continue;
    const written = write(language);
    used.unshift(written);
    text += written;
  }
  return used.join('\n');
}
