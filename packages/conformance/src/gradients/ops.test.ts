// Gradients of every op, whole and decomposed, first and second order, against differences in float64.
import { referenceBackend } from '@nn/backend-reference';
import type { OpName } from '@nn/core';
import { opNamed, opNames } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { compareWithDifferences } from './differences.ts';
import { byEach, opProblems, secondOrder } from './problem.ts';

const backend = referenceBackend();

describe.each(opNames as readonly OpName[])('%s', (op) => {
  const problems = opProblems(op).filter(({ by }) => by.length > 0);

  it.runIf(problems.length === 0)('has no gradient', () => {
    expect(opNamed(op)).toMatchObject({ vjp: 'nondifferentiable' });
  });

  it.each([...problems, ...problems.flatMap(byEach), ...problems.map(secondOrder)])('$title', async (problem) => {
    const errors = await compareWithDifferences(backend, problem);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter(({ error, allowed }) => !(error <= allowed))).toEqual([]);
  });
});
