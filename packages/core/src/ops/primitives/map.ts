// `map`: a scalar expression applied to every element. All elementwise work is this one op.
import { specText } from '../../array/dtype.ts';
import { stretchShapes } from '../../array/shape.ts';
import { DTypeError, ShapeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import { differentiate, input, inputsOf, mul, simplify } from '../../scalar/index.ts';
import type { Expr } from '../../scalar/types.ts';
import type { MapAttrs } from '../instructions.ts';
import { emit, scalarTypeOf } from '../instructions.ts';
import type { Primitive } from '../spec.ts';
import { sumToShape } from '../stretch.ts';

/** What a map's result is held as: the type of its expression. */
export const map: Primitive<'map', MapAttrs> = {
  name: 'map',
  kind: 'primitive',
  infer(inputs, { expression }) {
    for (const { index, type } of inputsOf(expression)) {
      const spec = inputs[index];
      if (spec === undefined) {
        throw new ShapeError(`map: the expression reads input ${index}, but ${inputs.length} inputs were given.`, 'shape.invalid');
      }
      if (scalarTypeOf[spec.dtype] !== type) {
        throw new DTypeError(`map: the expression reads input ${index} as ${type}, but it is ${specText(spec)}. Convert with cast(x, '${type}').`);
      }
    }
    const ranked = inputs.filter((spec) => spec.shape.length > 0);
    return { shape: ranked.length === 0 ? [] : stretchShapes(ranked.map((spec) => spec.shape), 'map'), dtype: expression.type };
  },
  vjp({ inputs, attrs, cotangent, needs }) {
    return inputs.map((target, index) => {
      if (!needs[index]) return null;
      const derivative = differentiate(attrs.expression, index);
      if (derivative === undefined) return null;
      return sumToShape(scaled(derivative, inputs, cotangent), target.shape);
    });
  },
  tolerance: { kind: 'expression' },
};

/** cotangent · derivative as one map over the inputs that the derivative still reads, and the cotangent. */
function scaled(derivative: Expr, inputs: readonly Tensor[], cotangent: Tensor): Tensor {
  const product = simplify(mul(derivative, input(inputs.length, 'f32')));
  return emit('map', [...inputs, cotangent], { expression: product });
}
