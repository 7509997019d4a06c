// `map`: a scalar expression applied to every element. All elementwise work is this one op.
import { specText } from '../../array/dtype.ts';
import { stretchShapes } from '../../array/shape.ts';
import { DTypeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import { input, inputsOf, mapInputs, pullback, validateExpr } from '../../scalar/index.ts';
import type { Expr } from '../../scalar/types.ts';
import type { MapAttrs } from '../instructions.ts';
import { emit, scalarTypeOf } from '../instructions.ts';
import type { Primitive } from '../spec.ts';
import { sumToShape } from '../stretch.ts';

export const map: Primitive<'map', MapAttrs> = {
  name: 'map',
  kind: 'primitive',
  infer(inputs, { expression }) {
    for (const { index, type } of inputsOf(expression)) {
      const spec = inputs[index];
      if (spec !== undefined && scalarTypeOf[spec.dtype] !== type) {
        throw new DTypeError(
          `map: the expression reads input ${index} as ${type}, but it is ${specText(spec)}. Convert with cast(x, '${type}').`,
        );
      }
    }
    validateExpr(
      expression,
      inputs.map(({ dtype }) => scalarTypeOf[dtype]),
    );
    const ranked = inputs.filter((spec) => spec.shape.length > 0);
    return {
      shape:
        ranked.length === 0
          ? []
          : stretchShapes(
              ranked.map((spec) => spec.shape),
              'map',
            ),
      dtype: expression.type,
    };
  },
  vjp({ inputs, attrs, cotangent, needs }) {
    return inputs.map((target, index) => {
      if (!needs[index]) return null;
      const product = pullback(attrs.expression, index, input(inputs.length, 'f32'));
      return product === undefined ? null : sumToShape(gradientMap(product, inputs, cotangent), target.shape);
    });
  },
  rounds: true,
};

/** One map over the inputs that the product still reads, and the cotangent, which has the shape of the result. */
function gradientMap(product: Expr, inputs: readonly Tensor[], cotangent: Tensor): Tensor {
  const read = inputsOf(product)
    .map(({ index }) => index)
    .filter((index) => index < inputs.length);
  const place = new Map([...read, inputs.length].map((index, position) => [index, position]));
  const expression = mapInputs(product, (index) => place.get(index)!);
  return emit('map', [...read.map((index) => inputs[index]!), cotangent], { expression });
}
