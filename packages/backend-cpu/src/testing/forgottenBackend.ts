// A program that makes a backend, uses it and ends without a word: run by tests, which see whether it ends.
import { sum, trace, zeros } from '@nn/core';
import { cpuBackend } from '../cpuBackend.ts';

const backend = await cpuBackend({ threads: 3 });
const executable = await backend.compile(trace({ x: { shape: [300, 300], dtype: 'f32' } }, ({ x }) => sum(x)));
const store = await backend.createStore({});
for (let run = 0; run < 3; run++) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  await executable.run(store, { x: zeros([300, 300]) }).done;
}
process.stdout.write('used\n');
