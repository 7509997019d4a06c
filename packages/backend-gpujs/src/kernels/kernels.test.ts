// The texts of kernels, as gpu.js gets them.
import { scalar } from '@nn/core';
import type { KernelCall } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { modes } from '../modes.ts';
import type { GpuStep } from '../source/stage.ts';
import { map } from './map.ts';
import { matmul } from './matmul.ts';
import { reduce } from './reduce.ts';

const f32 = (...shape: number[]) => ({ shape, dtype: 'f32' }) as const;

function textsOf({ stages }: GpuStep): string[] {
  return stages.flatMap((stage) => (stage.kind === 'kernel' ? [`${stage.source.output.join('×')}: ${stage.source.text}`] : []));
}

function callOf<A>(attrs: A, inputs: KernelCall<A>['inputs'], output: ReturnType<typeof f32>): KernelCall<A> {
  return { attrs, inputs, outputs: [output] };
}

const rowScaled = callOf({ expression: scalar.mul(scalar.input(0, 'f32'), scalar.input(1, 'f32')) }, [f32(4, 3), f32(4, 1)], f32(4, 3));

describe('a kernel of map', () => {
  it('has a thread per element, along the axes that differ', () => {
    expect(textsOf(map(modes.webgpu.target)(rowScaled))).toEqual([
      [
        '3×4: function (a0, a1, a0s0) {',
        'let v0 = a0[this.thread.y * a0s0 + this.thread.x];',
        'let v1 = a1[this.thread.y];',
        'let v2 = (v0 * v1);',
        'return v2;',
        '}',
      ].join('\n'),
    ]);
  });

  it('has one axis of threads where results with more are nested arrays', () => {
    expect(textsOf(map(modes.cpu.target)(rowScaled))[0]).toContain('let i0 = Math.floor(this.thread.x / 3);\nlet i1 = this.thread.x % 3;');
  });

  it('reads inputs that are joined where there are more than a device binds', () => {
    const inputs = Array.from({ length: 9 }, () => f32(5));
    const expression = inputs
      .map((_, index) => scalar.input(index, 'f32'))
      .reduce<scalar.Expr>((all, one) => scalar.add(all, one), scalar.constant(0));
    const texts = textsOf(map(modes.webgpu.target)(callOf({ expression }, inputs, f32(5))));
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('15: function (a0, a1, a2, end0, end1, a1o, a2o) {');
    expect(texts[1]).toContain('function (a0, a1, a2, a3, a4, a5, a6, a6o, a6on2) {');
    expect(texts[1]).toContain('a6[this.thread.x + a6o]');
  });
});

describe('kernels that do the same with arrays of other shapes', () => {
  const scaledRows = (rows: number, columns: number, factor: number) => {
    const expression = scalar.mul(scalar.mul(scalar.input(0, 'f32'), scalar.input(1, 'f32')), scalar.constant(factor));
    return callOf({ expression }, [f32(rows, columns), f32(rows, 1)], f32(rows, columns));
  };
  const products = (rows: number, inner: number, columns: number) =>
    callOf({ transposeA: false, transposeB: false }, [f32(rows, inner), f32(inner, columns)], f32(rows, columns));

  it.each(['webgpu', 'webgl2'] as const)('are one in mode %s: sizes and constants are arguments', (mode) => {
    const { target } = modes[mode];
    const sources = (steps: readonly GpuStep[]) =>
      steps.flatMap(({ stages }) => stages.flatMap((stage) => ('source' in stage ? [stage.source] : [])));
    const maps = sources([map(target)(scaledRows(4, 3, 0.1)), map(target)(scaledRows(7, 9, -0.25)), map(target)(scaledRows(7, 9, 0.3))]);
    expect(new Set(maps.map(({ text }) => text)).size).toBe(2);
    expect([maps[0], maps[2]].map((source) => source!.numbers.map(({ value }) => value))).toEqual([
      [3, 0.1],
      [9, 0.3],
    ]);
    expect(maps[0]!.numbers.map(({ type }) => type)).toEqual(['Integer', 'Float']);
    const multiplied = sources([matmul(target)(products(2, 3, 4)), matmul(target)(products(5, 7, 9))]);
    expect(new Set(multiplied.map(({ text }) => text)).size).toBe(1);
  });

  it.each(['webasm', 'cpu'] as const)('have their numbers in their texts in mode %s', (mode) => {
    const [text] = textsOf(map(modes[mode].target)(scaledRows(4, 3, -0.25)));
    expect(text).toContain('function (a0, a1) {');
    expect(text).toContain(' * (-0.25)');
  });
});

describe('a kernel of reduce', () => {
  it('adds in blocks', () => {
    const [text] = textsOf(reduce(modes.webgpu.target)(callOf({ kind: 'sum', axes: [0] } as const, [f32(130)], f32(1))));
    expect(text).toContain('for (let b = 0; b < blocks; b++) {');
    expect(text).toContain('for (let k = 0; k < 16; k++) {\nblock += a0[(b * 64 + k * 4)];\nblock += a0[(b * 64 + k * 4 + 1)];');
    expect(text).toContain('for (let k = 0; k < turns; k++) {\nrest += a0[(passed + k * 2)];\nrest += a0[(passed + k * 2 + 1)];\n}');
  });

  it('is several where many elements come to one', () => {
    const texts = textsOf(reduce(modes.webgpu.target)(callOf({ kind: 'sum', axes: [0] } as const, [f32(100_000)], f32(1))));
    expect(texts.map((text) => text.slice(0, text.indexOf(':')))).toEqual(['1563', '25', '1']);
  });
});
