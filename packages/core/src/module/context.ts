// Applying a model inside a trace: names variables by path, keeps track of what layers declare, write, draw and show.
import type { TensorSpec } from '../array/dtype.ts';
import { sameShape, shapeText } from '../array/shape.ts';
import type { Shape } from '../array/shape.ts';
import { ShapeError, TraceError } from '../errors/errors.ts';
import { expectMethod } from '../errors/records.ts';
import { didYouMean } from '../errors/suggest.ts';
import { stopGradient } from '../ops/composites/stopGradient.ts';
import { emit } from '../ops/instructions.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Trace } from '../program/trace.ts';
import type { AnyLayer, Context, Layer, Spec, Value, VariableSpec, VariableSpecs } from './contract.ts';
import { expectValue, specOf } from './value.ts';

/** i32 [] inputs of programs that draw random numbers. */
export const seedInput = 'seed';
export const stepInput = 'step';

/** What happened while a model was applied. */
export class Session {
  readonly trace: Trace;
  readonly training: boolean;
  /** Every variable a layer declared, by path, in order of declaration. */
  readonly declared = new Map<string, VariableSpec>();
  /** What each layer gave, by path (the last call where a layer was called twice), and every tap. */
  readonly values = new Map<string, Value>();
  /** Every layer that was applied, by path. */
  readonly layers = new Map<string, AnyLayer>();
  readonly #written = new Map<string, Tensor>();
  readonly #draws = new Map<string, number>();
  /** Whether what is applied now stands in a frozen layer. */
  #frozen = false;

  constructor(trace: Trace, options: { readonly training: boolean }) {
    this.trace = trace;
    this.training = options.training;
  }

  /** Applies a model at `path` (`''` for the root). @throws ConfigError for what is no layer, TraceError when another one has that path */
  apply<In extends Value, Out extends Value>(path: string, layer: Layer<VariableSpecs, In, Out>, input: In): Out {
    for (const method of ['apply', 'variables']) {
      expectMethod(layer, method, path === '' ? 'The model' : `"${path}"`, 'a layer, such as dense(10)');
    }
    const known = this.layers.get(path);
    if (known !== undefined && known !== (layer as AnyLayer)) {
      throw new TraceError(
        `Two layers (${known.kind} and ${layer.kind}) are named "${path}". A name belongs to one layer; pass the same object to share its variables.`,
        'trace.duplicate-name',
      );
    }
    this.layers.set(path, layer);
    const around = this.#frozen;
    this.#frozen ||= layer.frozen === true;
    try {
      return this.trace.within(path, () => {
        const specs = this.#specsOf(layer.variables(specOf(input) as Spec<In>));
        for (const [name, spec] of Object.entries(specs)) this.#declare(joinPath(path, name), spec);
        const output = layer.apply(input, this.#contextOf(path, specs));
        expectValue(output, `The layer of kind "${layer.kind}"`);
        this.values.set(path, output);
        return output;
      });
    } finally {
      this.#frozen = around;
    }
  }

  /** A frozen layer has no parameters: what it would train is only remembered. */
  #specsOf(specs: VariableSpecs): VariableSpecs {
    if (!this.#frozen) return specs;
    return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { ...spec, role: 'buffer' as const }]));
  }

  /** i32 [] input of that name; it exists only in programs that ask for it. */
  scalarInput(name: string): Tensor {
    return this.trace.existingInput(name) ?? this.trace.input(name, { shape: [], dtype: 'i32' });
  }

  #declare(path: string, spec: VariableSpec): void {
    const known = this.declared.get(path);
    if (known !== undefined && !sameShape(known.shape, spec.shape)) {
      throw new ShapeError(
        `Variable "${path}" has the shape ${shapeText(known.shape)}, but the layer is used again where it would need ${shapeText(spec.shape)}.`,
      );
    }
    if (known === undefined) this.declared.set(path, spec);
  }

  #contextOf(path: string, specs: VariableSpecs): Context {
    const variablePath = (name: string): string => {
      if (!Object.hasOwn(specs, name)) {
        throw new TraceError(
          `The layer "${path}" has no variable "${name}".${didYouMean(name, Object.keys(specs))} Declare it in variables().`,
        );
      }
      return joinPath(path, name);
    };
    const read = (name: string): Tensor => this.trace.readVariable(variablePath(name), variableTensorSpec(specs[name]!));
    const training = this.training && !this.#frozen;
    return {
      training,
      path,
      get: (name) => {
        const value = read(name);
        const written = this.#written.get(joinPath(path, name));
        return written === undefined ? value : stopGradient(written);
      },
      set: (name, value) => {
        if (!training) {
          throw new TraceError(
            `The layer "${path}" sets "${name}" in inference, which changes no variable. Set only where ctx.training is true.`,
          );
        }
        read(name);
        this.trace.writeVariable(joinPath(path, name), value);
        this.#written.set(joinPath(path, name), value);
      },
      uniform: (shape) => this.#uniform(path, shape),
      call: <In extends Value, Out extends Value>(name: string, layer: Layer<VariableSpecs, In, Out>, input: In): Out => {
        checkName(path, name);
        return this.apply(joinPath(path, name), layer, input);
      },
      tap: (name, value) => {
        this.values.set(joinPath(path, name), value);
        return value;
      },
    };
  }

  #uniform(path: string, shape: Shape): Tensor {
    const call = this.#draws.get(path) ?? 0;
    this.#draws.set(path, call + 1);
    return emit('uniform', [this.scalarInput(seedInput), this.scalarInput(stepInput)], { shape, path, call });
  }
}

export function joinPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}

export function variableTensorSpec({ shape, dtype }: VariableSpec): TensorSpec {
  return { shape, dtype };
}

function checkName(path: string, name: string): void {
  if (name === '' || name.includes('/')) {
    throw new TraceError(`The layer "${path}" calls a child "${name}"; a name is not empty and has no slash (a path is made of names).`);
  }
}
