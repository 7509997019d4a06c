// Kernel transforms: any layer over a kernel, its place among the variables, descriptions, and what it must not do.
import type { Layer } from '@nn/core';
import { ConfigError, ShapeError, build, describe as describeModel, inferenceProgram, mul, named, sum } from '@nn/core';
import { glorotUniform, zeros } from '@nn/initializers';
import { describe, expect, it } from 'vitest';
import { block } from '../containers/block.ts';
import { conv2d } from '../images/conv2d.ts';
import { dense } from './dense.ts';
import { dropConnect } from '../dropout/dropConnect.ts';
import { sequential } from '../containers/sequential.ts';
import { declare } from '../testing/declare.ts';
import { irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';
import { weightNorm } from '../normalization/weightNorm.ts';

const doubled: Layer = { kind: 'doubled', options: {}, variables: () => ({}), apply: (kernel) => mul(kernel, 2) };

describe('kernelTransform', () => {
  it.each([
    ['dense', (kernelTransform: Layer | null) => dense(3, { kernelTransform, bias: false }), [2, 4]],
    ['conv2d', (kernelTransform: Layer | null) => conv2d(3, { window: 2, kernelTransform, bias: false }), [1, 3, 3, 2]],
  ] as const)('stands between the kernel and the computation: %s', async (_, make, shape) => {
    const x = array(irregular(shape.reduce((product: number, extent: number) => product * extent, 1)), shape);
    const [plain, twice] = [await applyLayer(make(null), x), await applyLayer(make(doubled), x)];
    plain.y.data.forEach((value: number, index: number) => expect(twice.y.data[index]).toBeCloseTo(2 * value, 12));
  });

  it('has variables within those of its layer, under its kind or its pinned name', () => {
    const paths = (kernelTransform: Layer): string[] => [...declare(sequential(dense(2, { kernelTransform })), [1, 3]).specs.keys()];
    expect(paths(weightNorm())).toEqual(['dense1/kernel', 'dense1/bias', 'dense1/weightNorm/length']);
    expect(paths(named('norm', weightNorm()))).toEqual(['dense1/kernel', 'dense1/bias', 'dense1/norm/length']);
    expect(paths(sequential(dropConnect(), weightNorm()))).toContain('dense1/sequential/weightNorm1/length');
  });

  it('goes through a description and back', () => {
    const model = sequential(dense(2, { kernelTransform: sequential(weightNorm({ axis: null }), dropConnect({ rate: 0.1 })) }));
    const description = JSON.parse(JSON.stringify(describeModel(model))) as ReturnType<typeof describeModel>;
    const rebuilt = build(description, { sequential, dense, weightNorm, dropConnect, glorotUniform, zeros });
    expect(describeModel(rebuilt)).toEqual(describeModel(model));
    const input = { shape: [2, 3], dtype: 'f32' } as const;
    expect(inferenceProgram({ model: rebuilt, input })).toEqual(inferenceProgram({ model, input }));
  });

  it('keeps the shape, and is a layer', () => {
    expect(() => declare(dense(2, { kernelTransform: block((kernel) => sum(kernel, 0)) }), [1, 3])).toThrow(ShapeError);
    expect(() => declare(dense(2, { kernelTransform: block((kernel) => sum(kernel, 0)) }), [1, 3])).toThrow(/must keep the shape/);
    expect(() => dense(2, { kernelTransform: weightNorm as never })).toThrow(/Call the factory: weightNorm\(…\)/);
    expect(() => conv2d(2, { kernelTransform: 1 as never })).toThrow(ConfigError);
  });
});
