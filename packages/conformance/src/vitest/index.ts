// Conformance as vitest tests, for the repository of a backend: `describeBackend('mine', () => myBackend())` is the whole file.
import type { Backend, OpName, Tensor } from '@nn/core';
import { grad, opNames, run, scalar, sum } from '@nn/core';
import { elu, selu } from '@nn/layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GoldenTolerance } from '../golden/format.ts';
import { runCase } from '../golden/run.ts';
import { compareWithReference } from '../gradients/agreement.ts';
import { hardProblems } from '../gradients/hardProblems.ts';
import { layerProblem } from '../gradients/layerProblem.ts';
import type { GradientProblem } from '../gradients/problem.ts';
import { byEach, opProblems } from '../gradients/problem.ts';
import { loadGolden, packageVectors } from '../node/files.ts';
import { layerSamples } from '../samples/layers.ts';

export interface DescribeBackendOptions {
  /** On all tolerances: 1 (default) for CPU float32 or better, 4 for WebAssembly and GPUs. */
  readonly factor?: number;
}

/**
 * Defines the tests of a backend: golden values, values and gradients of every op and layer beside the float64 reference, and data
 * that float32 handles badly. Golden cases that wait for something the toolkit does not have are skipped, with the reason.
 *
 * @param create makes the backend; it is disposed after the tests
 */
export function describeBackend(name: string, create: () => Backend | Promise<Backend>, { factor = 1 }: DescribeBackendOptions = {}): void {
  describe(name, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await create();
    });
    afterAll(() => backend.dispose());

    const expectAgreement = async (problem: GradientProblem, fixed?: GoldenTolerance): Promise<void> => {
      const compared = await compareWithReference(backend, problem, { factor, ...(fixed === undefined ? {} : { fixed }) });
      expect(compared.length).toBeGreaterThan(0);
      expect(compared.filter(({ ok }) => !ok)).toEqual([]);
    };

    describe.each(loadGolden(packageVectors))('golden values of $family', ({ cases }) => {
      it.for(cases)('$id', async (golden, { skip }) => {
        const { status, reason } = await runCase(golden, backend, { factor });
        if (status === 'waiting') skip(`waits for ${reason}`);
        expect(reason).toBeUndefined();
      });
    });

    describe.each(opNames as readonly OpName[])('the op %s beside the reference', (op) => {
      it.for(opProblems(op).flatMap((problem) => [problem, ...byEach(problem)]))('$title', (problem) => expectAgreement(problem));
    });

    describe.each(Object.entries(layerSamples))('the layer %s beside the reference', (_, samples) => {
      it.for(samples.flatMap((sample) => [layerProblem(sample, true), layerProblem(sample, false)]))('$title', (problem) =>
        expectAgreement(problem),
      );
    });

    describe('hard cases', () => {
      it.for(hardProblems())('$problem.title', ({ problem, allowed }) => expectAgreement(problem, allowed));

      it('has the gradients of ELU and SELU at x = 100, where exp is infinite in float32', async () => {
        const slope = async (activation: (x: Tensor) => Tensor): Promise<number> =>
          (
            await run(
              backend,
              grad((x) => sum(activation(x))),
              [100],
            )
          ).data[0]!;
        expect(await slope(elu)).toBe(1);
        expect(await slope(selu)).toBeCloseTo(scalar.seluLambda, 6);
      });
    });
  });
}
