// From import to first prediction of a peer, with weights from a file; prints the milliseconds.
import { readFile } from 'node:fs/promises';

const [module, options, fixture, description] = process.argv.slice(2);
const arrays = decode(await readFile(fixture));

const begin = performance.now();
const { open } = await import(module);
const contender = await open(JSON.parse(options));
await contender.prepare({ task: { kind: 'inference', batch: 1 }, model: JSON.parse(description), arrays });
console.log(performance.now() - begin);
process.exit();

/** A safetensors file. */
function decode(file) {
  const length = Number(file.readBigUInt64LE());
  const { __metadata__: _metadata, ...header } = JSON.parse(file.subarray(8, 8 + length).toString());
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const bytes = Uint8Array.from(file.subarray(8 + length + from, 8 + length + to)).buffer;
        return [name, { shape, data: dtype === 'F32' ? new Float32Array(bytes) : new Int32Array(bytes) }];
      },
    ),
  );
}
