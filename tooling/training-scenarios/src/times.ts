// How long training steps and single operations take on a backend. Data lie where a trainer has them; results stay where they are made.
import type { Backend, NdArray, Program, Tensor } from '@nn/core';
import {
  add,
  elementwise,
  fillUniform,
  gradients,
  matmul,
  mean,
  mul,
  NdArray as HostArray,
  normalize,
  scalar,
  slice,
  streamKey,
  sum,
  trace,
} from '@nn/core';
import { batchNorm, dense, relu, sequential } from '@nn/layers';
import { adam } from '@nn/optim';
import { createTrainer, softmaxCrossEntropy } from '@nn/train';

/** What is trained: layers of so many units with batch normalization, in batches of so many rows. */
export interface TimedModel {
  readonly hidden: readonly number[];
  readonly batch: number;
}

export const timedModels: readonly TimedModel[] = [
  { hidden: [256, 128], batch: 128 },
  { hidden: [64], batch: 32 },
];

const [features, classes] = [784, 10];
/** Steps before the first that counts. */
const stepsToWarmUp = 5;
const runsToWarmUp = 2;

/** Milliseconds of a step, the median of `steps`: Adam, batches that come from the host. */
export async function stepTimeOn(backend: Backend, { hidden, batch }: TimedModel, steps: number): Promise<number> {
  const model = sequential(...hidden.flatMap((units) => [dense(units), batchNorm(), relu()]), dense(classes));
  const trainer = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: adam(), backend });
  const given = { x: random([batch, features]), y: labels(batch) };
  const ends: number[] = [];
  await trainer.fit(() => Array.from({ length: steps + stepsToWarmUp }, () => given), {
    callbacks: [({ type }) => void (type === 'step' && ends.push(performance.now()))],
  });
  await trainer.dispose();
  return median(ends.slice(stepsToWarmUp).map((end, index) => end - ends[index + stepsToWarmUp - 1]!));
}

interface TimedOperation {
  readonly title: string;
  operands(): Readonly<Record<string, NdArray>>;
  record(operands: Readonly<Record<string, Tensor>>): readonly Tensor[];
}

/** Forward and backward, but for the product. */
const operations: readonly TimedOperation[] = [
  {
    title: 'matmul 256³',
    operands: () => ({ a: random([256, 256]), b: random([256, 256]) }),
    record: ({ a, b }) => [matmul(a!, b!)],
  },
  {
    title: 'batchNorm 512×1024',
    operands: () => ({ x: random([512, 1024]), gamma: random([1, 1024]), beta: random([1, 1024]), dy: random([512, 1024]) }),
    record: ({ x, gamma, beta, dy }) =>
      withGradients(normalize(x!, gamma!, beta!, { axes: [0], epsilon: 1e-5 }).y, dy!, [x!, gamma!, beta!]),
  },
  {
    title: 'ELU 2²⁰',
    operands: () => ({ x: random([2 ** 20]), dy: random([2 ** 20]) }),
    record: ({ x, dy }) => [
      elementwise((value) => scalar.elu(value), x!),
      elementwise((value, gradient) => scalar.pullback(scalar.elu(value), 0, gradient)!, x!, dy!),
    ],
  },
  {
    title: 'softmaxCrossEntropy 512×10',
    operands: () => ({ x: random([512, classes]), y: labels(512) }),
    record: ({ x, y }) => {
      const loss = mean(softmaxCrossEntropy().apply(x!, y!));
      return [loss, gradients(loss, [x!])[0]!];
    },
  },
];

export const timedOperations: readonly string[] = operations.map(({ title }) => title);

/** Milliseconds of each of {@link timedOperations}, the medians of `runs`. */
export async function operationTimesOn(backend: Backend, runs: number): Promise<number[]> {
  const times: number[] = [];
  for (const operation of operations) {
    const operands = operation.operands();
    const store = await backend.createStore(operands);
    const executable = await backend.compile(programOf(operation, operands));
    const taken: number[] = [];
    for (let run = 0; run < runs + runsToWarmUp; run++) {
      const start = performance.now();
      await executable.run(store, {}).done;
      taken.push(performance.now() - start);
    }
    times.push(median(taken.slice(runsToWarmUp)));
    await executable.dispose();
    await store.dispose();
  }
  return times;
}

/** Operands are variables. An element of each result is added up, so that nothing is left out and next to nothing is read. */
function programOf({ record }: TimedOperation, operands: Readonly<Record<string, NdArray>>): Program {
  return trace({}, (_, recording) => {
    const read = Object.entries(operands).map(([name, array]) => [name, recording.readVariable(name, array)] as const);
    return {
      element: record(Object.fromEntries(read))
        .map(firstElement)
        .reduce((all, one) => add(all, one)),
    };
  });
}

/** A result, and what it passes back for the gradient `dy`. */
function withGradients(y: Tensor, dy: Tensor, operands: readonly Tensor[]): Tensor[] {
  return [y, ...gradients(sum(mul(y, dy)), operands)];
}

function firstElement(tensor: Tensor): Tensor {
  const corner = tensor.shape.map(() => 1);
  return sum(
    slice(
      tensor,
      corner.map(() => 0),
      corner,
    ),
  );
}

/** Numbers from -1 to 1, the same in every run. */
function random(shape: readonly number[]): NdArray {
  const values = new Float32Array(shape.reduce((size, extent) => size * extent, 1));
  fillUniform(streamKey(1, 'data', 0, 0), values);
  return new HostArray(
    values.map((value) => 2 * value - 1),
    shape,
    'f32',
  );
}

function labels(rows: number): NdArray {
  return new HostArray(
    Int32Array.from({ length: rows }, (_, row) => row % classes),
    [rows],
    'i32',
  );
}

export function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
