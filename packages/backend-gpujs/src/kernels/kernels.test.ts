// The texts of kernels, as gpu.js gets them.
import { scalar } from '@nn/core';
import type { KernelCall } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { modes } from '../modes.ts';
import type { GpuStep } from '../source/stage.ts';
import { map } from './map.ts';
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
        '3×4: function (a0, a1) {',
        'let v0 = a0[this.thread.y * 3 + this.thread.x];',
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
    expect(texts[0]).toContain('15: function (a0, a1, a2)');
    expect(texts[1]).toContain('function (a0, a1, a2, a3, a4, a5, a6)');
    expect(texts[1]).toContain('a6[this.thread.x + 10]');
  });
});

describe('a kernel of reduce', () => {
  it('adds in blocks', () => {
    const [text] = textsOf(reduce(modes.webgpu.target)(callOf({ kind: 'sum', axes: [0] } as const, [f32(130)], f32(1))));
    expect(text).toContain('for (let b = 0; b < 2; b++) {');
    expect(text).toContain('for (let k = 0; k < 16; k++) {\nblock += a0[(b * 64 + k * 4)];\nblock += a0[(b * 64 + k * 4 + 1)];');
    expect(text).toContain('for (let k = 0; k < 1; k++) {\nrest += a0[(128 + k * 2)];\nrest += a0[(128 + k * 2 + 1)];\n}');
  });

  it('is several where many elements come to one', () => {
    const texts = textsOf(reduce(modes.webgpu.target)(callOf({ kind: 'sum', axes: [0] } as const, [f32(100_000)], f32(1))));
    expect(texts.map((text) => text.slice(0, text.indexOf(':')))).toEqual(['1563', '25', '1']);
  });
});
