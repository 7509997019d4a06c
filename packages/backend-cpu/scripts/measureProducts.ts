// How fast products and convolutions are on one thread, next to the fastest arithmetic seen in the same run:
//   tsx --conditions=@nn/source scripts/measureProducts.ts [part of a name] [--flags]
// With --flags, V8's experimental flags are set. Everything is run in turn many times and the best times count, so that other work on the
// machine matters little. Where vectors are joined to 256 bit, the peak is twice that of 128 bit, which is what the loop for it measures.
import type { TensorSpec } from '@nn/core';
import type { WasmStep } from '../src/wasm/command.ts';
import { FunctionBuilder } from '../src/wasm/emit/encoding/functionBuilder.ts';
import { encodeModule } from '../src/wasm/emit/encoding/module.ts';
import { setExperimentalFlags } from '../src/wasm/engineFlags.ts';
import { conv2dInputGradientKernel, conv2dKernel, conv2dKernelGradientKernel } from '../src/wasm/kernels/convolution.ts';
import { kernelImports } from '../src/wasm/kernelInstance.ts';
import { matmulKernel } from '../src/wasm/kernels/matmul.ts';
import { scratchBytes, scratchStart } from '../src/wasm/layout.ts';
import { plainKernels, relaxedKernels } from '../src/wasm/kernelModule.ts';

const rounds = 25;
/** Floating-point operations of one timing: long against the clock's steps, short against a time slice. */
const operationsPerTiming = 2e7;

type Run = (args: number, thread: number, threads: number) => void;

interface Measured {
  readonly name: string;
  readonly operations: number;
  readonly run: () => void;
  best: number;
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const flags = process.argv.includes('--flags') ? setExperimentalFlags() : [];
const options = { wideTiles: flags.includes('--experimental-wasm-revectorize') };
const relaxedBytes = await relaxedKernels();
const relaxed = WebAssembly.validate(relaxedBytes);

const memory = new WebAssembly.Memory({ initial: 8192, maximum: 65536, shared: true });
const table = new WebAssembly.Table({ initial: 1, element: 'anyfunc' });
const kernelModule = new WebAssembly.Module(relaxed ? relaxedBytes : await plainKernels(relaxedBytes));
const kernels = new WebAssembly.Instance(kernelModule, kernelImports(memory, table)).exports;
const words = new Int32Array(memory.buffer);
const heapStart = scratchStart + scratchBytes;
new Float32Array(memory.buffer).fill(0.01, heapStart / 4);

const measured: Measured[] = [peak()];

for (const [name, m, k, n, transposeA = false, transposeB = false] of [
  ['layer 1 forward, batch 128', 128, 784, 256],
  ['layer 1 kernel gradient', 784, 128, 256, true],
  ['layer 2 forward', 128, 256, 128],
  ['layer 2 input gradient', 128, 128, 256, false, true],
  ['layer 2 kernel gradient', 256, 128, 128, true],
  ['layer 3 forward', 128, 128, 10],
  ['layer 3 input gradient', 128, 10, 128, false, true],
  ['layer 3 kernel gradient', 128, 128, 10, true],
  ['layer 1 forward, batch 32', 32, 784, 256],
  ['layer 1 forward, batch 1', 1, 784, 256],
  ['layer 1 input gradient, batch 1', 1, 256, 784, false, true],
  ['product 128', 128, 128, 128],
  ['product 512', 512, 512, 512],
  ['product 512, both transposed', 512, 512, 512, true, true],
  ['product 1024', 1024, 1024, 1024],
] as const) {
  const inputs = [spec(transposeA ? [k, m] : [m, k]), spec(transposeB ? [n, k] : [k, n])];
  const step = matmulKernel(options)({ attrs: { transposeA, transposeB }, inputs, outputs: [spec([m, n])] });
  add(`${name} [${m}, ${k}] × [${k}, ${n}]`, 2 * m * k * n, step, inputs, spec([m, n]));
}

for (const [name, batch, size, channels, out, window, stride] of [
  ['conv 1', 64, 28, 1, 32, 3, 1],
  ['conv 2', 64, 14, 32, 64, 3, 1],
  ['5 × 5', 32, 14, 32, 32, 5, 1],
  ['1 × 1', 32, 14, 64, 64, 1, 1],
  ['stride 2', 32, 28, 32, 64, 3, 2],
] as const) {
  const border = (window - 1) / 2;
  const sides = [border, border] as const;
  const attrs = { window: [window, window], strides: [stride, stride], padding: [sides, sides], dilations: [1, 1], groups: 1 } as const;
  const [x, kernel] = [spec([batch, size, size, channels]), spec([window, window, channels, out])];
  const y = spec([batch, size / stride, size / stride, out]);
  const operations = (2 * batch * size * size * out * window * window * channels) / stride ** 2;
  const inputAttrs = { ...attrs, height: size, width: size };
  const text = `[${x.shape.join(', ')}], ${window} × ${window} × ${out}`;
  add(`${name} ${text}`, operations, conv2dKernel(options)({ attrs, inputs: [x, kernel], outputs: [y] }), [x, kernel], y);
  const inputGradient = conv2dInputGradientKernel(options)({ attrs: inputAttrs, inputs: [kernel, y], outputs: [x] });
  add(`${name} input gradient`, operations, inputGradient, [kernel, y], x);
  const kernelGradient = conv2dKernelGradientKernel(options)({ attrs, inputs: [x, y], outputs: [kernel] });
  add(`${name} kernel gradient`, operations, kernelGradient, [x, y], kernel);
}

for (let round = 0; round < rounds; round++) {
  for (const one of measured) {
    const times = Math.max(1, Math.round(operationsPerTiming / one.operations));
    const start = process.hrtime.bigint();
    for (let time = 0; time < times; time++) one.run();
    one.best = Math.max(one.best, (one.operations * times) / Number(process.hrtime.bigint() - start));
  }
}

const reachable = measured[0]!.best * (options.wideTiles ? 2 : 1);
console.log(`Node ${process.version}, ${relaxed ? 'relaxed' : 'plain'} SIMD${options.wideTiles ? ', joined to 256 bit' : ''}`);
for (const { name, best } of measured)
  console.log(`${name.padEnd(56)}${best.toFixed(1).padStart(6)} GFLOP/s ${(best / reachable).toFixed(2)}`);

function spec(shape: readonly number[]): TensorSpec {
  return { shape, dtype: 'f32' };
}

function add(name: string, operations: number, step: WasmStep, inputs: readonly TensorSpec[], output: TensorSpec): void {
  if (names.length > 0 && !names.some((part) => name.includes(part))) return;
  // An odd number of cache lines apart: arrays that begin at the same place of a page slow each other down.
  let end = heapStart;
  const place = ({ shape }: TensorSpec): number => {
    const pointer = end;
    end += Math.ceil((4 * shape.reduce((product, extent) => product * extent, 1)) / 64) * 64 + 7 * 64;
    return pointer;
  };
  const pointers = { inputs: inputs.map(place), outputs: [place(output)], workspace: place(spec([(step.workspace ?? 0) / 4])) };
  let next = memory.buffer.byteLength - 2 ** 20 + 4096 * measured.length;
  const runs = step.commands.map((command) => {
    const args = next;
    const block = command.words(pointers);
    words.set(block, args / 4);
    next += 4 * block.length;
    return { run: kernels[command.kernel as string] as Run, args };
  });
  const run = (): void => {
    for (const one of runs) one.run(one.args, 0, 1);
  };
  measured.push({ name, operations, run, best: 0 });
}

/** Arithmetic that waits for nothing, in as many registers as there are: fused where the engine has it, else half of each kind. */
function peak(): Measured {
  const builder = new FunctionBuilder({ parameters: ['i32', 'i32'], results: [] });
  const [address, count] = builder.parameters as [(typeof builder.parameters)[0], (typeof builder.parameters)[0]];
  const values = Array.from({ length: 14 }, () => builder.local('v128'));
  const x = builder.local('v128');
  [x, ...values].forEach((local, index) => {
    builder.push(address);
    builder.memory('v128.load', 16 * index);
    builder.set(local);
  });
  const steps = 4;
  builder.loop((start) => {
    for (let step = 0; step < steps; step++) {
      values.forEach((value, index) => {
        for (const local of relaxed ? [x, x, value] : [x, value]) builder.push(local);
        builder.vector(relaxed ? 'f32x4.relaxed_madd' : index % 2 === 0 ? 'f32x4.mul' : 'f32x4.add');
        builder.set(value);
      });
    }
    builder.assign(count, builder.apply('i32.sub', count, 1));
    builder.branchIf(start, count);
  });
  for (const value of values) {
    builder.push(address);
    builder.push(value);
    builder.memory('v128.store', 256);
  }
  const turns = 50_000;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encodeModule([{ builder, exportName: 'peak' }])), {
    env: { memory },
  });
  const run = (exports as { peak: (address: number, count: number) => void }).peak;
  const operations = turns * steps * values.length * (relaxed ? 8 : 4);
  return { name: 'peak', operations, run: () => run(heapStart, turns), best: 0 };
}
