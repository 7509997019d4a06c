// From import to first prediction, as an application does it with weights from a file; prints the milliseconds.
import { readFile } from 'node:fs/promises';

const [, options, fixture, description] = process.argv.slice(2);
const { threads, flags } = JSON.parse(options);
const { layers } = JSON.parse(description);
const bytes = await readFile(fixture);

const begin = performance.now();
const { batchNorm, createNetwork, decodeSafetensors, dense, relu, sequential } = await import('@nn/kit');
const { cpuBackend } = await import('@nn/backend-cpu');
const { x, y: _labels, ...variables } = Object.fromEntries(decodeSafetensors(bytes).tensors);
const make = { dense: ({ units, bias }) => dense(units, { bias }), batchNorm: () => batchNorm(), relu: () => relu() };
const model = sequential(...layers.map((layer) => make[layer.type](layer)));
const backend = await cpuBackend({ threads, experimentalV8Flags: flags });
const network = await createNetwork({ model, input: [x.shape[1]], backend, variables });
await network.predict(x);
console.log(performance.now() - begin);
process.exit();
