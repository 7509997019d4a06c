// An op that nobody tries must not compile.
import type { OpSamples } from './opSample.ts';
import { opSamples } from './ops.ts';

const { matmul, linear, ...others } = opSamples;

void ({ ...others, matmul, linear } satisfies OpSamples);
// @ts-expect-error no samples of a primitive
void ({ ...others, linear } satisfies OpSamples);
// @ts-expect-error no samples of a composite
void ({ ...others, matmul } satisfies OpSamples);
// @ts-expect-error attributes of another op
void ({ ...opSamples, concat: others.slice } satisfies OpSamples);
