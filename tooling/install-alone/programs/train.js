// Training with a training package and a backend: a line through three points, which a dense layer finds exactly.
import { cpuBackend } from '@nn/backend-cpu';
import { dense } from '@nn/layers';
import { sgd } from '@nn/optim';
import { createTrainer, meanSquaredError } from '@nn/train';

const line = { x: [[0], [1], [2]], y: [[1], [3], [5]] };
const trainer = await createTrainer({
  model: dense(1),
  loss: meanSquaredError(),
  optimizer: sgd({ learningRate: 0.2 }),
  backend: await cpuBackend(),
});
const { epochs } = await trainer.fit(line, { epochs: 200 });
const prediction = await trainer.predict([10]);
console.log('epochs:', epochs.length, 'at ten:', Math.round(prediction.item()));
