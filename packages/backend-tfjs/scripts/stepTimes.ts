// Prints step times beside tfjs-layers on the same devices, in Node and in Chromium: tsx --conditions=@nn/source scripts/stepTimes.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, provideWebGpu, serveFolder } from '@nn-tooling/test-env';
import { cpuBackend } from '@nn/backend-cpu';
import { buildPage } from '../src/testing/buildPage.ts';
import { layersStepTime, ourStepTime, stepTimeOn } from '../src/testing/stepTimes.ts';

const steps = Number(process.argv[2] ?? 20);
const row = (name: string, ours: number, theirs: number): void =>
  console.log(`${name.padEnd(20)} ${ours.toFixed(1).padStart(8)} ms ${theirs.toFixed(1).padStart(8)} ms`);
console.log(`${''.padEnd(20)} ${'nn'.padStart(11)} ${'tfjs-layers'.padStart(11)}`);

await provideWebGpu();
console.log(`backend-cpu, one thread: ${(await stepTimeOn(await cpuBackend({ threads: 1 }), steps)).toFixed(1)} ms`);
for (const device of ['cpu', 'wasm', 'webgpu'] as const)
  row(`${device} in Node`, await ourStepTime(device, steps), await layersStepTime(device, steps));

const folder = await mkdtemp(join(tmpdir(), 'nn-tfjs-'));
await buildPage(folder);
const [browser, server] = [await openBrowser(), await serveFolder(folder)];
for (const device of ['webgl', 'webgpu'] as const) {
  const page = await browser!.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.tfjsStepTimes !== undefined);
  const [ours, theirs] = await page.evaluate(
    async ([name, count]) =>
      [await globalThis.tfjsStepTimes!.ourStepTime(name, count), await globalThis.tfjsStepTimes!.layersStepTime(name, count)] as const,
    [device, steps] as const,
  );
  row(`${device} in Chromium`, ours, theirs);
  await page.close();
}
await browser!.close();
await server[Symbol.asyncDispose]();
await rm(folder, { recursive: true });
process.exit(0);
