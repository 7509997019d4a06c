// Rules: what holds for the parameters whose path matches. Several rules may hold for one parameter.
import type { Constraint, Regularizer, Rule } from '@nn/core';
import { ConfigError, matchPath } from '@nn/core';

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
 * @throws ConfigError for a rule that matches no parameter (most often a misspelled path) or whose rate is negative or not finite.
 */
export function resolveRules(rules: readonly Rule[], parameters: readonly string[]): ReadonlyMap<string, ParameterRules> {
  for (const rule of rules) checkRule(rule, parameters);
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

function checkRule(rule: Rule, parameters: readonly string[]): void {
  if (rule.learningRate !== undefined && !(rule.learningRate >= 0 && Number.isFinite(rule.learningRate))) {
    throw new ConfigError(
      `The rule for "${rule.match}" has the learning rate factor ${rule.learningRate}; it must be a finite number from 0.`,
    );
  }
  if (!parameters.some((path) => matchPath(rule.match, path))) {
    throw new ConfigError(
      `The rule for "${rule.match}" matches no parameter. The parameters are ${parameters.join(', ')}. A * stands for one part of a path, ** for any number.`,
      'config.unknown',
    );
  }
}
