// Inference with a layer package and a backend: a network with weights that make the answer known.
import { cpuBackend } from '@nn/backend-cpu';
import { createNetwork, ndarray } from '@nn/core';
import { dense, relu, sequential } from '@nn/layers';

const network = await createNetwork({ model: sequential(dense(1), relu()), input: [2], backend: await cpuBackend() });
network.write('dense1/kernel', ndarray([[1], [-1]]));
const sums = await network.predict([
  [3, 1],
  [1, 3],
]);
console.log('answers:', sums.toArray());
