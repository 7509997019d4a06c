// Prints times of training steps and of operations in each mode, beside the CPU backend and TensorFlow.js, in Node and in Chromium:
// `pnpm run step-times [count] [rows]`, medians of `count` (default 10), rows whose names contain the given text (default all).
import { join } from 'node:path';
import { openTestPage, provideWebGpu, tfjsWasmFiles } from '@nn-tooling/test-env';
import { timedModels, timedOperations } from '@nn-tooling/training-scenarios';
import type { Functions } from './page/main.ts';
import type { BackendName } from './timesOf.ts';
import { timesOf } from './timesOf.ts';

const count = Number(process.argv[2] ?? 10);
const wanted = process.argv[3] ?? '';

const titles = [...timedModels.map(({ hidden, batch }) => `784-${hidden.join('-')}-10 × ${batch}`), ...timedOperations];
const firstWidth = 26;

function printCells(first: string, others: readonly string[]): void {
  console.log(`| ${[first.padEnd(firstWidth), ...others.map((cell, index) => cell.padStart(titles[index]!.length))].join(' | ')} |`);
}

async function printRows(place: string, names: readonly BackendName[], take: typeof timesOf): Promise<void> {
  for (const name of names) {
    const title = `${name}, ${place}`;
    if (!title.includes(wanted)) continue;
    const times = await take(name, count);
    printCells(
      title,
      times.map((time) => time.toFixed(time < 1 ? 3 : 1)),
    );
  }
}

console.log(`Milliseconds, medians of ${count}.\n`);
printCells('', titles);
printCells(
  ':---',
  titles.map(() => '---:'),
);
const hasWebGpu = await provideWebGpu();
await printRows('Node', ['cpu, 1 thread', 'cpu, 2 threads', 'gpujs:cpu', 'gpujs:webasm', 'tfjs:cpu', 'tfjs:wasm'], timesOf);
if (hasWebGpu) await printRows('Node', ['gpujs:webgpu', 'tfjs:webgpu'], timesOf);
const plugins = [tfjsWasmFiles()];
await using page = await openTestPage<Functions>(join(import.meta.dirname, 'page'), { plugins });
if (page !== undefined) {
  const inPage = (name: BackendName, runs: number): Promise<number[]> => page.run('timesOf', name, runs);
  await printRows('Chromium', ['cpu, 2 threads', 'gpujs:cpu', 'gpujs:webasm', 'gpujs:webgpu', 'gpujs:webgl2'], inPage);
  await printRows('Chromium', ['tfjs:webgpu', 'tfjs:webgl'], inPage);
}
// Dawn keeps a process alive.
setTimeout(() => process.exit(0));
