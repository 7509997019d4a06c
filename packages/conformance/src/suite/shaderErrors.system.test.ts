// What shaders may be off: enough for the errors that WGSL permits, and not for a wrong function.
import { referenceKernels } from '@nn/backend-reference';
import type { Backend, Capabilities, Expr } from '@nn/core';
import { hostDevice, kernelBackend, scalar } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { loadGolden, packageVectors } from '../node/files.ts';
import { calls } from '../mutants/mutant.ts';
import { conformanceCases } from './cases.ts';
import { goldenCases } from './goldenCases.ts';
import { rewritten } from './rewrite.ts';
import { runSuite, selectCases } from './runSuite.ts';
import { withShaderErrors } from './shaderErrors.ts';

const shader: Capabilities = {
  precision: 'f32',
  strictFloat: false,
  subnormals: false,
  exactIntegers: true,
  accuracy: 'shader',
  threads: 1,
};

/** The reference with other expressions in its maps. */
function withMaps(change: (expression: Expr) => Expr, capabilities: Capabilities): Backend {
  const { map } = referenceKernels;
  const kernels = {
    ...referenceKernels,
    map: (call: Parameters<typeof map>[0]) => map({ ...call, attrs: { expression: change(call.attrs.expression) } }),
  };
  return kernelBackend('shader', capabilities, hostDevice({ f32: Float64Array }), kernels, { optimize: false });
}

const cases = [...goldenCases(loadGolden(packageVectors)), ...conformanceCases({ tier: 'quick' })];
const about = (...filters: string[]) => filters.flatMap((filter) => selectCases({ cases, filter }));
const failuresOf = async (backend: Backend, chosen: ReturnType<typeof about>): Promise<string[]> => {
  const reports = await runSuite(backend, { cases: chosen });
  return reports.flatMap(({ status, id, reason }) => (status === 'fail' ? [`${id}: ${reason}`] : []));
};

const largestFloat = 3.4028234663852886e38;

/** Errors that the tolerances were not made with. */
const erring = (expression: Expr): Expr => withShaderErrors(expression, 17.3);
const functions = about('/map/', 'golden/primitives/', 'golden/activations/', 'oss', 'softmax', 'training/optimizer', '/layer batchNorm/');

describe('a shader', { timeout: 60_000 }, () => {
  it('may err as WGSL lets it', async () => {
    expect(await failuresOf(withMaps(erring, shader), functions)).toEqual([]);
  });

  it('may not err so where the backend declares nothing of it', async () => {
    const library: Capabilities = { ...shader, accuracy: 'library' };
    const failures = await failuresOf(withMaps(erring, library), about('/map/sin', '/map/tanh', '/map/log of extreme', '/softmax/'));
    expect(failures.length).toBeGreaterThan(5);
  });

  it.each<[string, string, (node: Expr) => Expr]>([
    ['sin', '/map/sin', (node) => (calls.unary(node, 'sin') ? scalar.mul(node, 1.005) : node)],
    ['exp', '/map/exp', (node) => (calls.unary(node, 'exp') ? scalar.mul(node, 1.0001) : node)],
    ['tanh', '/map/tanh', (node) => (calls.unary(node, 'tanh') ? scalar.mul(node, 1.0003) : node)],
    ['pow', '/map/pow', (node) => (calls.binary(node, 'pow') ? scalar.mul(node, 1.0003) : node)],
    ['÷', '/map/div', (node) => (calls.binary(node, 'div') ? scalar.mul(node, 1.0001) : node)],
  ])('may not have another %s', async (_, filter, change) => {
    const backend = withMaps((expression) => rewritten(expression, change), shader);
    expect(await failuresOf(backend, about(filter))).not.toEqual([]);
  });

  it('is not asked what infinities and NaN are, nor judged where numbers overflow', async () => {
    const everywhere = withMaps(
      (expression) => rewritten(expression, (node) => (node.type === 'f32' ? scalar.min(node, largestFloat) : node)),
      shader,
    );
    expect(await failuresOf(everywhere, functions)).toEqual([]);
  });
});
