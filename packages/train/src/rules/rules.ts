// Rules: what holds for the parameters whose path matches. Several rules may hold for one parameter.
import type { Constraint, ForeignNames, Regularizer, Rule } from '@nn/core';
import { ConfigError, checkFlag, checkNumber, expectMethod, matchPath, resolveOptions, valueText } from '@nn/core';

/** What all rules together say of one parameter. */
export interface ParameterRules {
  readonly regularizers: readonly Regularizer[];
  readonly constraints: readonly Constraint[];
  /** Product of the factors on the learning rate. */
  readonly learningRate: number;
  readonly frozen: boolean;
}

/**
 * The rules of each parameter: penalties add, constraints follow one another, rates multiply, and one frozen is enough.
 * @throws ConfigError for a rule that matches no parameter (most often a misspelled path), or says what is no rule
 */
export function resolveRules(rules: readonly Rule[], parameters: readonly string[]): ReadonlyMap<string, ParameterRules> {
  checkRules(rules);
  for (const rule of rules) expectMatch(rule, parameters);
  return new Map(parameters.map((path) => [path, combine(rules.filter((rule) => matchPath(rule.match, path)))]));
}

function combine(rules: readonly Rule[]): ParameterRules {
  return {
    regularizers: rules.flatMap((rule) => rule.regularizer ?? []),
    constraints: rules.flatMap((rule) => rule.constraint ?? []),
    learningRate: rules.reduce((product, rule) => product * (rule.learningRate ?? 1), 1),
    frozen: rules.some((rule) => rule.frozen === true),
  };
}

function expectMatch({ match }: Rule, parameters: readonly string[]): void {
  if (parameters.some((path) => matchPath(match, path))) return;
  throw new ConfigError(
    `The rule for "${match}" matches no parameter. The parameters are ${parameters.join(', ')}. A * stands for one part of a path, ** for any number.`,
    'config.unknown',
  );
}

const noRule: Readonly<Record<keyof Rule, undefined>> = {
  match: undefined,
  regularizer: undefined,
  constraint: undefined,
  learningRate: undefined,
  frozen: undefined,
};

/** What says elsewhere what a rule does not say. */
const foreignNames: ForeignNames = {
  lr: 'Give learningRate, a factor.',
  lrScale: 'Give learningRate, a factor.',
  params: 'Give match, a glob over their paths.',
  regularizers: 'Give regularizer; several rules may match one parameter.',
  trainable: 'Give frozen.',
  weightDecay: 'It belongs to the optimizer: adamW({ weightDecay }). A regularizer: l2(…) is part of the loss.',
};

/** @throws ConfigError for what is no list of rules; see {@link resolveRules} for whether they match */
export function checkRules(rules: readonly Rule[]): void {
  if (!Array.isArray(rules)) throw new ConfigError(`createTrainer: rules is ${valueText(rules)}; it is a list of rules { match, … }.`);
  rules.forEach((rule: Rule, index) => {
    const name = `rules[${index}]`;
    resolveOptions<Readonly<Record<keyof Rule, unknown>>>(name, rule, noRule, foreignNames);
    const { regularizer, constraint, learningRate, frozen } = rule;
    if (regularizer !== undefined) expectMethod(regularizer, 'penalty', `${name}: regularizer`, 'a regularizer, such as l2(1e-4)');
    if (constraint !== undefined) expectMethod(constraint, 'apply', `${name}: constraint`, 'a constraint, such as maxNorm(3)');
    if (learningRate !== undefined) checkNumber(name, 'learningRate', learningRate, { from: 0 });
    if (frozen !== undefined) checkFlag(name, 'frozen', frozen);
  });
}
