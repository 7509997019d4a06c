// Prints step times beside tfjs-layers on the same devices and beside the CPU backend, in Node and in Chromium: `pnpm run step-times`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, provideWebGpu, serveFolder } from '@nn-tooling/test-env';
import { cpuBackend } from '@nn/backend-cpu';
import { buildPage } from '../src/testing/buildPage.ts';
import type { TimedModel } from '../src/testing/stepTimes.ts';
import { layersStepTime, ourStepTime, stepTimeOn } from '../src/testing/stepTimes.ts';

const steps = Number(process.argv[2] ?? 30);
const models: readonly TimedModel[] = [
  { hidden: [256, 128], batch: 128 },
  { hidden: [64], batch: 32 },
];

/** Milliseconds of each model. */
type Times = readonly number[];

async function timesOf(time: (model: TimedModel) => Promise<number>): Promise<Times> {
  const times: number[] = [];
  for (const model of models) times.push(await time(model));
  return times;
}

function printRow(name: string, ours: Times, theirs?: Times): void {
  const cells = models.flatMap((_, index) => [ours[index]!.toFixed(1), theirs?.[index]!.toFixed(1) ?? '']);
  console.log(`| ${[name.padEnd(26), ...cells.map((cell) => cell.padStart(8))].join(' | ')} |`);
}

console.log(
  `Milliseconds per step, nn and tfjs-layers: ${models.map(({ hidden, batch }) => `784-${hidden.join('-')}-10 × ${batch}`).join(', ')}`,
);
for (const threads of [1, 2]) {
  const backend = await cpuBackend({ threads });
  printRow(`backend-cpu, threads: ${threads}`, await timesOf((model) => stepTimeOn(backend, model, steps)));
  await backend.dispose();
}
const nodeDevices = ['cpu', 'wasm', ...((await provideWebGpu()) ? (['webgpu'] as const) : [])] as const;
for (const device of nodeDevices) {
  const ours = await timesOf((model) => ourStepTime(device, model, steps));
  printRow(`${device}, Node`, ours, await timesOf((model) => layersStepTime(device, model, steps)));
}

const browser = await openBrowser();
if (browser !== undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'nn-tfjs-'));
  await buildPage(folder);
  // Without isolation, as the threads of TensorFlow.js do not start in a bundle.
  const server = await serveFolder(folder, {});
  for (const device of ['wasm', 'webgl', 'webgpu'] as const) {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => globalThis.tfjsStepTimes !== undefined);
    const inPage = (name: 'ourStepTime' | 'layersStepTime') =>
      timesOf((model) =>
        page.evaluate(([time, ...given]) => globalThis.tfjsStepTimes![time](...given), [name, device, model, steps] as const),
      );
    printRow(`${device}, Chromium`, await inPage('ourStepTime'), await inPage('layersStepTime'));
    await page.close();
  }
  await browser.close();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
}
// Dawn keeps a process alive.
process.exit(0);
