// MNIST to an accuracy with our trainer, as an application would train.
import type { Backend, Dataset, NdArray } from '@nn/kit';
import { accuracy, adam, createTrainer, loadMnist, softmaxCrossEntropy } from '@nn/kit';
import type { ModelDescription } from '../models.ts';
import type { Task } from '../workloads.ts';
import type { Prepared } from './contract.ts';
import { networkOf } from './network.ts';

type MnistTask = Extract<Task, { readonly kind: 'mnist' }>;

/** @param arrays `order` of the rows, and starting values of the model's variables by path */
export async function prepareMnist(
  backend: Backend,
  task: MnistTask,
  description: ModelDescription,
  { order, ...arrays }: Readonly<Record<string, NdArray>>,
): Promise<Prepared> {
  const { train, test } = await loadMnist();
  const rows = order!.data as Int32Array;
  const newTrainer = async () => {
    const loss = softmaxCrossEntropy();
    const model = networkOf(description);
    const trainer = await createTrainer({ model, loss, optimizer: adam(), metrics: [accuracy()], backend, input: description.sample });
    for (const { path } of trainer.network.variables()) trainer.network.write(path, arrays[path]!);
    return trainer;
  };
  const options = { batchSize: task.batch, shuffle: false } as const;

  // The same numbers come out every time, so the steps are counted once and testing takes no time later.
  const counting = await newTrainer();
  const rowsBetweenTests = task.stepsBetweenTests * task.batch;
  let needed = 0;
  for (let reached = 0; reached < task.accuracy; needed += rowsBetweenTests) {
    if (needed >= rows.length) throw new Error(`${task.accuracy} was not reached in ${rows.length / task.batch} steps`);
    await counting.fit(train.subset(rows.subarray(needed, needed + rowsBetweenTests)), options);
    reached = (await counting.evaluate(test))['accuracy'] as number;
  }
  await counting.dispose();
  const samples: Dataset = train.subset(rows.subarray(0, needed));
  return {
    async run() {
      const trainer = await newTrainer();
      const begin = performance.now();
      await trainer.fit(samples, options);
      const milliseconds = performance.now() - begin;
      await trainer.dispose();
      return milliseconds;
    },
  };
}
