// Mistakes that must not compile. Each line marked as expected is an error for the compiler; if it stops being one, this file fails.
import type { NdArray, OpName, Primitive, PrimitiveAttrs, PrimitiveName, Tensor } from './index.ts';
import { add, matmul, ndarray, primitives, scalar, sum } from './index.ts';

declare const tensor: Tensor;
const array: NdArray = ndarray([1, 2, 3]);

add(tensor, tensor);
add(tensor, 2);
// @ts-expect-error a host array is no tensor: constant(array) puts it into a program
add(tensor, array);
// @ts-expect-error a typed array is no tensor
sum(new Float32Array(3));
// @ts-expect-error nested numbers are no tensor
matmul(tensor, [[1, 2]]);
// @ts-expect-error a tensor has no data to read
void tensor.data;
// @ts-expect-error an operator on tensors is a silent NaN in JavaScript
void (tensor * 2);
// @ts-expect-error u8 is storage, not something to compute
tensor.cast('u8');
scalar.add(scalar.input(0, 'f32'), 1);
// @ts-expect-error an expression is no tensor
add(tensor, scalar.input(0, 'f32'));

const { map: _map, ...withoutMap } = primitives;
// @ts-expect-error the table of primitives is complete by type: `map` is missing
export const incomplete: { readonly [Name in PrimitiveName]: Primitive<Name, PrimitiveAttrs[Name]> } = withoutMap;

/** What a table of rules by op looks like; leaving one out does not compile. */
type RuleTable = { readonly [Name in OpName]: string };
// @ts-expect-error every op has a rule
export const rules: RuleTable = { map: 'elementwise' };
