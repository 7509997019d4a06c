// Kernels of primitives with one mistake each.
import type { Kernel, KernelRun, ReduceKind, TypedArray } from '@nn/core';
import { fillUniform, scalar, streamKey } from '@nn/core';
import type { Mutant } from './mutant.ts';
import { ofPrimitive, ofThreads } from './mutant.ts';

const randomNumbers: readonly Mutant[] = (
  [
    ['the same numbers in every step', ({ seed, path, call }) => streamKey(seed, path, call, 0)],
    ['the same numbers for every seed', ({ path, call, step }) => streamKey(1, path, call, step)],
    ['the same numbers in every layer', ({ seed, call, step }) => streamKey(seed, '', call, step)],
    ['the same numbers for every call', ({ seed, path, step }) => streamKey(seed, path, 0, step)],
    ['seed 0 is no seed', ({ seed, path, call, step }) => streamKey(seed === 0 ? 1 : seed, path, call, step)],
  ] as readonly [string, (given: { seed: number; path: string; call: number; step: number }) => ReturnType<typeof streamKey>][]
).map(([what, keyOf]) =>
  ofPrimitive('random numbers', 'uniform', what, () => ({ attrs: { path, call } }) => ([seed, step], [output]) => {
    const values = new Float32Array(output!.length);
    fillUniform(keyOf({ seed: seed![0]! >>> 0, path, call, step: step![0]! >>> 0 }), values);
    output!.set(values);
  }),
);

/** Mutants of primitives. */
export const kernelMutants: readonly Mutant[] = [
  ofPrimitive('wrong axis', 'transpose', 'the inverse order', (right) => (call) => {
    const order = call.attrs.order.map((_, axis) => call.attrs.order.indexOf(axis));
    return right({ ...call, attrs: { order } });
  }),
  ofPrimitive('wrong axis', 'reduce', 'cyclic positions', () => ({ attrs: { kind } }) => ([x], [output]) => {
    output!.fill(startOf(kind));
    x!.forEach((value, index) => (output![index % output!.length] = combine(kind, output![index % output!.length]!, value)));
  }),
  ofPrimitive(
    'wrong axis',
    'iota',
    'the last axis',
    (right) => (call) => right({ ...call, attrs: { ...call.attrs, axis: call.attrs.shape.length - 1 } }),
  ),
  ofPrimitive('wrong axis', 'concat', 'one after the other in memory', () => () => (inputs, [output]) => {
    let offset = 0;
    for (const input of inputs) {
      output!.set(input, offset);
      offset += input.length;
    }
  }),
  ofPrimitive('cancellation', 'reduce', 'long sums one by one in float32', (right) => (call) => {
    if (call.attrs.kind !== 'sum' || call.inputs[0]!.dtype !== 'f32' || call.outputs[0]!.shape.some((extent) => extent !== 1))
      return right(call);
    return ([x], [output]) => {
      let total = 0;
      for (const value of x!) total = Math.fround(total + value);
      output![0] = total;
    };
  }),
  ofPrimitive('dropped tail', 'map', 'works on whole vectors only', (right) => (call) => {
    const run = right(call);
    return (inputs, [output]) => {
      run(inputs, [output!]);
      output!.fill(0, output!.length - (output!.length % 4));
    };
  }),
  ofPrimitive('dropped tail', 'reduce', 'adds whole vectors only', (right) => (call) => {
    const run = right(call);
    return ([x], outputs) => {
      const whole = x!.slice();
      if (whole.length > 4) whole.fill(call.attrs.kind === 'prod' ? 1 : 0, whole.length - (whole.length % 4));
      run([whole], outputs);
    };
  }),
  ofPrimitive('dropped tail', 'matmul', 'leaves out the last row', (right) => (call) => {
    const run = right(call);
    const columns = call.outputs[0]!.shape.at(-1)!;
    return (inputs, [output]) => {
      run(inputs, [output!]);
      if (output!.length > 4 * columns) output!.fill(0, output!.length - columns);
    };
  }),
  ofPrimitive('dropped tail', 'uniform', 'an even count only', (right) => (call) => {
    const run = right(call);
    return (inputs, [output]) => {
      run(inputs, [output!]);
      if (output!.length % 2 === 1) output![output!.length - 1] = 0;
    };
  }),
  ofPrimitive('dropped tail', 'transpose', 'blocks of four only', (right) => (call) => {
    const run = right(call);
    return (inputs, [output]) => {
      run(inputs, [output!]);
      if (output!.length > 16) output!.fill(0, output!.length - (output!.length % 4));
    };
  }),
  ...(['scatterAdd', 'matmul', 'reduce', 'pad'] as const).map((name) =>
    ofPrimitive('stale buffer', name, 'adds to what was there', (right) => (call) => {
      const run = right(call);
      return (inputs, [output]) => {
        const before = output!.slice();
        run(inputs, [output!]);
        before.forEach((value, index) => (output![index] = output![index]! + value));
      };
    }),
  ),
  ofPrimitive('stale buffer', 'concat', 'the last input only the first time', (right) => (call) => {
    const run = right(call);
    let first = true;
    return (inputs, [output]) => {
      if (first) run(inputs, [output!]);
      first = false;
    };
  }),
  ofPrimitive('NaN and zeros', 'reduce', 'a maximum without NaN', (right) => (call) => {
    const run = right(call);
    if (call.attrs.kind !== 'max') return run;
    return ([x], outputs) => run([x!.map((value) => (Number.isNaN(value) ? -Infinity : value))], outputs);
  }),
  ofPrimitive('order of threads', 'reduce', 'another order in every run', (right) => (call) => {
    const run = right(call);
    if (call.attrs.kind !== 'sum' || call.inputs[0]!.dtype !== 'f32') return run;
    let runs = 0;
    return ([x], [output]) => {
      run([x!], [output!]);
      runs += 1;
      output![0] = runs % 2 === 0 ? nextFloat(output![0]!) : output![0]!;
    };
  }),
  ofPrimitive(
    'order of threads',
    'scatterAdd',
    'loses an update of the same row',
    () =>
      ({ attrs: { axis, extent }, inputs: [updates] }) => {
        const inner = updates!.shape.slice(axis + 1).reduce((size, length) => size * length, 1);
        const count = updates!.shape[axis]!;
        return ([values, indices], [output]) => {
          output!.fill(0);
          values!.forEach((value, element) => {
            const index = indices![Math.floor(element / inner) % count]!;
            const outer = Math.floor(element / (inner * count));
            if (index >= 0 && index < extent) output![(outer * extent + index) * inner + (element % inner)] = value;
          });
        };
      },
  ),
  ofPrimitive('order of threads', 'matmul', 'a row that nobody waited for', (right) => (call) => {
    const run = right(call);
    const columns = call.outputs[0]!.shape.at(-1)!;
    let runs = 0;
    return (inputs, [output]) => {
      run(inputs, [output!]);
      runs += 1;
      if (output!.length > 2 * columns && runs % 3 !== 2) output!.fill(0, 0, columns);
    };
  }),
  ofThreads(
    'reduce',
    'a sum of one partial sum per thread',
    (right, threads) => (call) => (call.attrs.kind === 'sum' ? inParts(right(call), threads) : right(call)),
  ),
  ofThreads('matmul', 'each thread adds products of its own', (right, threads) => (call) => inParts(right(call), threads)),
  ofThreads('scatterAdd', 'each thread adds rows of its own', (right, threads) => (call) => inParts(right(call), threads)),
  ofPrimitive('start of a maximum', 'reduce', 'the smallest positive number', (right) => (call) => {
    const run = right(call);
    if (call.attrs.kind !== 'max' || call.inputs[0]!.dtype !== 'f32') return run;
    return (inputs, [output]) => {
      run(inputs, [output!]);
      output!.forEach((value, index) => (output![index] = Math.max(value, 2 ** -126)));
    };
  }),
  ofPrimitive('start of a maximum', 'reduce', 'a minimum that starts at 0', (right) => (call) => {
    const run = right(call);
    if (call.attrs.kind !== 'min' || call.inputs[0]!.dtype !== 'f32') return run;
    return (inputs, [output]) => {
      run(inputs, [output!]);
      output!.forEach((value, index) => (output![index] = Math.min(value, 0)));
    };
  }),
  ofPrimitive('empty arrays', 'reduce', 'garbage for a sum of nothing', garbage),
  ofPrimitive('empty arrays', 'matmul', 'garbage where there is nothing to add', garbage),
  ofPrimitive('empty arrays', 'scatterAdd', 'garbage where nothing is added', garbage),
  ofPrimitive('empty arrays', 'pad', 'garbage around nothing', garbage),
  ofPrimitive('integers', 'reduce', 'sums of integers as floats', (right) => (call) => {
    const run = right(call);
    if (call.inputs[0]!.dtype !== 'i32' || call.attrs.kind !== 'min') return run;
    return (inputs, [output]) => {
      run(inputs, [output!]);
      output!.forEach((value, index) => (output![index] = Math.abs(value)));
    };
  }),
  ofPrimitive(
    'broadcasting',
    'matmul',
    'batches in step',
    () =>
      ({ attrs: { transposeA, transposeB }, inputs: [a], outputs: [result] }) => {
        const [rows, columns] = result!.shape.slice(-2) as [number, number];
        const inner = a!.shape.at(transposeA ? -2 : -1)!;
        return ([left, right], [output]) => {
          for (let element = 0; element < output!.length; element++) {
            const batch = Math.floor(element / (rows * columns));
            const [row, column] = [Math.floor(element / columns) % rows, element % columns];
            let total = 0;
            for (let k = 0; k < inner; k++) {
              const x = transposeA ? k * rows + row : row * inner + k;
              const y = transposeB ? column * inner + k : k * columns + column;
              total += left![(batch * rows * inner + x) % left!.length]! * right![(batch * inner * columns + y) % right!.length]!;
            }
            output![element] = total;
          }
        };
      },
  ),
  ofPrimitive('broadcasting', 'map', 'cyclic positions', () => ({ attrs: { expression } }) => {
    const compute = scalar.evaluator(expression, 'f64');
    return (inputs, [output]) => {
      for (let element = 0; element < output!.length; element++) {
        output![element] = compute(inputs.map((input) => input[element % input.length]!));
      }
    };
  }),
  ofPrimitive('out of range', 'gather', 'the nearest row', (right) => (call) => {
    const run = right(call);
    const extent = call.inputs[0]!.shape[call.attrs.axis]!;
    return ([x, indices], outputs) => run([x!, indices!.map((index) => Math.min(Math.max(index, 0), extent - 1))], outputs);
  }),
  ofPrimitive('out of range', 'gather', 'negative indices count from the end', (right) => (call) => {
    const run = right(call);
    const extent = call.inputs[0]!.shape[call.attrs.axis]!;
    return ([x, indices], outputs) => run([x!, indices!.map((index) => (index < 0 ? index + extent : index))], outputs);
  }),
  ofPrimitive('out of range', 'scatterAdd', 'adds to the nearest row', (right) => (call) => {
    const run = right(call);
    return ([values, indices], outputs) =>
      run([values!, indices!.map((index) => Math.min(Math.max(index, 0), call.attrs.extent - 1))], outputs);
  }),
  ofPrimitive('windows', 'pad', 'no value between the elements', (right) => (call) => {
    if (call.attrs.interior.every((count) => count === 0)) return right(call);
    return right({ ...call, attrs: { ...call.attrs, interior: call.attrs.interior.map(() => 0) } });
  }),
  ofPrimitive(
    'windows',
    'slice',
    'a step of 1',
    (right) => (call) => right({ ...call, attrs: { ...call.attrs, step: call.attrs.step.map(() => 1) } }),
  ),
  ...randomNumbers,
];

/** What was in memory before, as a result of no elements or over none. */
function garbage<A>(right: Kernel<TypedArray, A>): Kernel<TypedArray, A> {
  return (call) => {
    const run = right(call);
    return (inputs, [output]) => {
      run(inputs, [output!]);
      if (inputs.some(({ length }) => length === 0)) output!.fill(3.6e-4);
    };
  };
}

/** The next larger float32. */
function nextFloat(value: number): number {
  const float = Float32Array.of(value);
  const bits = new Int32Array(float.buffer);
  bits[0]! += 1;
  return float[0]!;
}

function startOf(kind: ReduceKind): number {
  return { sum: 0, prod: 1, max: -Infinity, min: Infinity }[kind];
}

function combine(kind: ReduceKind, a: number, b: number): number {
  switch (kind) {
    case 'sum':
      return a + b;
    case 'prod':
      return a * b;
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
  }
}

/** A kernel that is linear in its first input, on one part of it after the other; what they give is added in float32. */
function inParts(run: KernelRun<TypedArray>, parts: number): KernelRun<TypedArray> {
  return ([first, ...others], [output]) => {
    const total = output!.slice().fill(0);
    for (let part = 0; part < parts; part++) {
      const own = first!.map((value, index) => (index % parts === part ? value : 0));
      run([own, ...others], [output!]);
      output!.forEach((value, index) => (total[index] = total[index]! + value));
    }
    output!.set(total);
  };
}
