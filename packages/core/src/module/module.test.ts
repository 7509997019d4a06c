// Models inside a trace: paths, variables, sharing, state, random streams, starting values, descriptions.
import { describe as group, expect, test } from 'vitest';
import { identicalArrays, ndarray } from '../array/ndarray.ts';
import { validate } from '../passes/validate.ts';
import { newTrace } from '../ops/trace.ts';
import type { Program } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import { Session } from './context.ts';
import type { AnyLayer, DerivedInitializer, Layer, VariableSpec, VariableSpecs } from './contract.ts';
import { build, describe, frozen, mapLayers, named, walkLayers } from './describe.ts';
import { freeze, unfreeze } from './freeze.ts';
import { declareInputs, fillVariables, initialize, modelShape } from './initialize.ts';
import { checkVariables } from './loading.ts';
import { inferenceProgram } from './programs.ts';
import { summarize } from './summary.ts';
import { centering, chain, noise, parameter, project, uniformInitializer } from './testing/layers.ts';

const input = { shape: [4, 3], dtype: 'f32' } as const;

/** A model's program in training, with its output. */
function trainingTrace(model: AnyLayer): Program {
  const trace = newTrace();
  const session = new Session(trace, { training: true });
  return trace.finish(trace.run(() => ({ y: session.apply('', model as Layer, declareInputs(trace, input) as never) })));
}

group('paths and variables', () => {
  test('a variable is named by the path of its layer', () => {
    const { specs, output, variables } = initialize(chain({ first: project(5), inner: chain({ last: project(2) }) }), input, 1);
    expect([...specs.keys()]).toEqual(['first/kernel', 'inner/last/kernel']);
    expect(output).toEqual({ shape: [4, 2], dtype: 'f32' });
    expect(variables['inner/last/kernel']!.shape).toEqual([5, 2]);
  });

  test('a model that is a single layer has plain names', () => {
    expect([...modelShape(project(2), input).specs.keys()]).toEqual(['kernel']);
  });

  test('the same object under the same name is shared', () => {
    const shared = project(3);
    const model: Layer = {
      kind: 'twice',
      options: {},
      variables: () => ({}),
      apply: (x, context) => context.call('p', shared, context.call('p', shared, x)),
    };
    const program = inferenceProgram({ model, input });
    expect(Object.keys(program.variables)).toEqual(['p/kernel']);
    expect(program.instrs).toHaveLength(2);
  });

  test('two objects under one name are refused', () => {
    const model: Layer = {
      kind: 'clash',
      options: {},
      variables: () => ({}),
      apply: (x, context) => context.call('p', project(3), context.call('p', project(3), x)),
    };
    expect(() => modelShape(model, input)).toThrow(expect.objectContaining({ code: 'trace.duplicate-name' }));
  });

  test('a shared layer that would need two shapes is refused', () => {
    const shared = project(2);
    const model: Layer = {
      kind: 'twice',
      options: {},
      variables: () => ({}),
      apply: (x, context) => context.call('p', shared, context.call('p', shared, x)),
    };
    expect(() => modelShape(model, input)).toThrow(/"p\/kernel" has the shape \[3, 2\].*\[2, 2\]/);
  });

  test.each(['', 'a/b'])('the name "%s" is refused', (name) => {
    const model: Layer = { kind: 'm', options: {}, variables: () => ({}), apply: (x, context) => context.call(name, project(1), x) };
    expect(() => modelShape(model, input)).toThrow(/has no slash/);
  });

  test('a variable that was not declared is refused, with a suggestion', () => {
    const typo: Layer<{ kernel: VariableSpec }> = {
      kind: 'typo',
      options: {},
      variables: () => ({ kernel: parameter(1) }),
      apply: (_x, context) => context.get('kernal' as 'kernel'),
    };
    expect(() => modelShape(chain({ typo }), input)).toThrow(/"typo" has no variable "kernal". Did you mean "kernel"/);
  });

  test('errors of ops name the layer', () => {
    const bad: Layer = { kind: 'bad', options: {}, variables: () => ({}), apply: (x) => x.reshape([5]) };
    expect(() => modelShape(chain({ inner: chain({ bad }) }), input)).toThrow(/^inner\/bad: .*12 elements/);
  });
});

group('state', () => {
  test('training writes what a layer sets, and reading after that sees it', () => {
    const program = trainingTrace(chain({ centering: centering() }));
    expect(program.variables['centering/runningMean']!.write).toBeDefined();
    expect(program.instrs.some(({ op }) => op === 'stopGradient')).toBe(true);
    validate(program);
  });

  test('inference writes nothing', () => {
    expect(inferenceProgram({ model: centering(), input }).variables['runningMean']!.write).toBeUndefined();
  });

  test('a layer that sets in inference is refused', () => {
    const careless: Layer<{ count: VariableSpec }> = {
      kind: 'careless',
      options: {},
      variables: () => ({ count: parameter() }),
      apply(x, context) {
        context.set('count', context.get('count').add(1));
        return x;
      },
    };
    expect(() => inferenceProgram({ model: careless, input })).toThrow(/ctx.training/);
  });

  test('a variable may not change its shape', () => {
    const growing: Layer<{ total: VariableSpec }> = {
      kind: 'growing',
      options: {},
      variables: () => ({ total: parameter(1) }),
      apply(x, context) {
        context.set('total', x);
        return x;
      },
    };
    expect(() => trainingTrace(chain({ growing }))).toThrow(/"growing\/total" is f32\[4, 3\], but it was declared as f32\[1\]/);
  });
});

group('random numbers', () => {
  test('every layer and every call has its own stream', () => {
    const program = inferenceProgram({ model: chain({ a: noise(), b: noise() }), input });
    const draws = program.instrs.filter(({ op }) => op === 'uniform').map(({ attrs }) => [attrs['path'], attrs['call']]);
    expect(draws).toEqual([
      ['a', 0],
      ['a', 1],
      ['b', 0],
      ['b', 1],
    ]);
    expect(Object.keys(program.inputs)).toEqual(['x', 'seed', 'step']);
  });

  test('a model that draws nothing has no seed', () => {
    expect(Object.keys(inferenceProgram({ model: project(2), input }).inputs)).toEqual(['x']);
  });
});

/** A scalar whose starting value follows from another variable. */
function waiting(from: string): VariableSpec {
  return { shape: [], dtype: 'f32', role: 'parameter', init: { from: [from], fill: () => ndarray(0) } };
}

group('starting values', () => {
  test('depend on seed and path alone: adding a layer moves no other numbers', () => {
    const small = initialize(chain({ first: project(3), last: project(3) }), input, 7).variables;
    const large = initialize(chain({ first: project(3), between: project(3), last: project(3) }), input, 7).variables;
    expect(identicalArrays(small['last/kernel']!, large['last/kernel']!)).toBe(true);
    expect(identicalArrays(small['first/kernel']!, small['last/kernel']!)).toBe(false);
  });

  test('seed 0 is a seed; a fraction is none', () => {
    const values = [0, 0, 1].map((seed) => initialize(project(3), input, seed).variables['kernel']!);
    expect(identicalArrays(values[0]!, values[1]!)).toBe(true);
    expect(identicalArrays(values[0]!, values[2]!)).toBe(false);
    expect(() => initialize(project(3), input, 0.5)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });

  test('a derived value is filled after what it follows from', () => {
    const init: DerivedInitializer = { from: ['direction'], fill: ({ direction }) => ndarray(Math.hypot(...direction!.data)) };
    const length: VariableSpec = { shape: [], dtype: 'f32', role: 'parameter', init };
    const filled = fillVariables(
      new Map([
        ['norm/length', length],
        ['norm/direction', parameter(4)],
      ]),
      1,
    );
    expect(Object.keys(filled)).toEqual(['norm/length', 'norm/direction']);
    expect(filled['norm/length']!.item()).toBeCloseTo(Math.hypot(...filled['norm/direction']!.data), 6);
  });

  test('a derived value may follow from a variable of a layer around it, the nearest of that name', () => {
    const init: DerivedInitializer = { from: ['kernel'], fill: ({ kernel }) => ndarray(kernel!.size) };
    const size: VariableSpec = { shape: [], dtype: 'f32', role: 'parameter', init };
    const filled = fillVariables(
      new Map([
        ['outer/inner/norm/size', size],
        ['kernel', parameter(2)],
        ['outer/kernel', parameter(3)],
      ]),
      1,
    );
    expect(filled['outer/inner/norm/size']!.item()).toBe(3);
  });

  test('derived values that wait for each other are refused', () => {
    expect(() =>
      fillVariables(
        new Map([
          ['a', waiting('b')],
          ['b', waiting('a')],
        ]),
        1,
      ),
    ).toThrow(/wait for each other/);
  });
});

group('programs', () => {
  test('activations become outputs by path; an unknown path is refused with a suggestion', () => {
    const model = chain({ first: project(5), last: project(2) });
    const program = inferenceProgram({ model, input, activations: ['first'] });
    expect(Object.keys(program.outputs)).toEqual(['y', 'activation/first']);
    expect(() => inferenceProgram({ model, input, activations: ['frist'] })).toThrow(/Did you mean "first"/);
  });

  test('records of tensors name inputs and outputs by part', () => {
    type Pair = { readonly left: Tensor; readonly right: Tensor };
    const swap: Layer<VariableSpecs, Pair, Pair> = {
      kind: 'swap',
      options: {},
      variables: () => ({}),
      apply: ({ left, right }) => ({ left: right, right: left }),
    };
    const program = inferenceProgram({ model: swap, input: { left: input, right: { shape: [4, 1], dtype: 'f32' } } });
    expect(Object.keys(program.inputs)).toEqual(['x/left', 'x/right']);
    expect(program.outputs['y/left']).toBe(program.inputs['x/right']);
  });
});

group('frozen layers', () => {
  const model = chain({ first: centering(), last: chain({ head: project(2) }) });

  test('are applied as in inference, and have no parameters', () => {
    const program = trainingTrace(freeze(model, 'first'));
    expect(program.variables['first/runningMean']!.write).toBeUndefined();
    const roles = modelShape(freeze(model, 'last'), input, { training: true }).specs;
    expect([...roles].map(([path, { role }]) => [path, role])).toEqual([
      ['first/runningMean', 'buffer'],
      ['last/head/kernel', 'buffer'],
    ]);
  });

  test('freeze no layer beside them, and draw the same starting values', () => {
    const part = freeze(model, 'last');
    expect(trainingTrace(part).variables['first/runningMean']!.write).toBeDefined();
    expect(modelShape(freeze(model, 'first'), input, { training: true }).specs.get('last/head/kernel')!.role).toBe('parameter');
    expect(initialize(part, input, 3).variables).toEqual(initialize(model, input, 3).variables);
  });

  test('thaw, and go through JSON and back', () => {
    const rebuilt = build(JSON.parse(JSON.stringify(describe(frozen(project(2))))), { project, uniform01: uniformInitializer });
    expect(modelShape(rebuilt, input).specs.get('kernel')!.role).toBe('buffer');
    expect(modelShape(unfreeze(rebuilt, '**'), input).specs.get('kernel')!.role).toBe('parameter');
    expect(describe(unfreeze(freeze(model, '**'), '**'))).toEqual(describe(model));
  });

  test('a glob that matches no layer is refused', () => {
    expect(() => freeze(model, 'batchNorm*')).toThrow(/No layer.*"batchNorm\*".*first, last, last\/head/);
  });

  test('mapLayers asks once for a layer that stands in two places, and keeps pinned names', () => {
    const shared = project(3);
    const twice = chain({ a: named('pinned', chain({ b: shared })), c: shared });
    const asked: string[] = [];
    const mapped = mapLayers(twice, (layer, path) => {
      asked.push(path);
      return layer.kind === 'project' ? project(4) : layer;
    });
    expect(asked).toEqual(['a/b', 'a', '']);
    expect(mapped.children!['a']!.name).toBe('pinned');
    expect(mapped.children!['a']!.children!['b']).toBe(mapped.children!['c']);
  });
});

group('descriptions', () => {
  const model = chain({ first: named('encoder', project(5)), last: chain({ head: project(2) }) });

  test('go through JSON and back', () => {
    const description = JSON.parse(JSON.stringify(describe(model)));
    const rebuilt = build(description, { chain, project, uniform01: uniformInitializer });
    expect(describe(rebuilt)).toEqual(describe(model));
    expect([...modelShape(rebuilt, input).specs.keys()]).toEqual([...modelShape(model, input).specs.keys()]);
  });

  test('a missing factory is named', () => {
    expect(() => build(describe(model), { chain, projct: project, uniform01: uniformInitializer })).toThrow(
      /kind "project" was passed to build. Did you mean "projct"/,
    );
  });

  test('a function that knows its kind and options is data, like a schedule', () => {
    const schedule = Object.assign((step: number) => 1 / step, { kind: 'inverse', options: { from: 1 } });
    expect(describe({ kind: 'sgd', options: { learningRate: schedule } }).options).toEqual({
      learningRate: { kind: 'inverse', options: { from: 1 } },
    });
  });

  test('code is not data', () => {
    expect(() => describe({ kind: 'block', options: { body: () => 1 } })).toThrow(/block.body is a function/);
  });

  test('walkLayers gives every layer with its path, parents first', () => {
    expect([...walkLayers(model)].map(({ path, layer }) => `${path}:${layer.kind}`)).toEqual([
      ':chain',
      'first:project',
      'last:chain',
      'last/head:project',
    ]);
  });
});

test('the summary counts by role and prints', () => {
  const summary = summarize(chain({ p: project(5), c: centering() }), [3], { batch: 4 }, () => true);
  expect(summary.rows.map(({ path, trainable, buffers }) => [path, trainable, buffers])).toEqual([
    ['', 0, 0],
    ['p', 15, 0],
    ['c', 0, 5],
  ]);
  expect(summary.rows.map(({ operations, memory }) => [operations, memory?.predicted])).toEqual([
    [0, 0],
    [2 * 4 * 3 * 5, 4 * 4 * 5],
    [5 + 4 * 5, 4 * (4 * 5 + 5)],
  ]);
  expect(String(summary)).toMatch(/p\s+project\s+f32\[4, 5\]\s+15\s+0/);
  expect(String(summary)).toContain('20 numbers: 15 trainable, 5 in buffers');
});

test('loading lists everything that does not fit', () => {
  const { specs, variables } = initialize(chain({ p: project(5), q: project(2) }), input, 1);
  const given = new Map([
    ['p/kernel', ndarray([1, 2])],
    ['q/kernell', variables['q/kernel']!],
  ]);
  expect(() => checkVariables(specs, given, 'The file')).toThrow(
    /"p\/kernel" is f32\[2\], the model has f32\[3, 5\]\n.*"q\/kernel" f32\[5, 2\] is missing\n.*"q\/kernell" is not in the model. Did you mean "q\/kernel"/,
  );
});
