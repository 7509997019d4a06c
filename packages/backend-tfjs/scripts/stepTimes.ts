// Prints step times beside tfjs-layers on the same devices and beside the CPU backend, in Node and in Chromium: `pnpm run step-times [steps] [rows]`.
import { provideWebGpu } from '@nn-tooling/test-env';
import { stepTimeOn, timedModels } from '@nn-tooling/training-scenarios';
import type { TimedModel } from '@nn-tooling/training-scenarios';
import { cpuBackend } from '@nn/backend-cpu';
import { openScenarioPages } from '../src/testing/scenarioPage.ts';
import { layersStepTime, ourStepTime } from '../src/testing/stepTimes.ts';

const steps = Number(process.argv[2] ?? 30);
/** Which rows: all, or those whose names contain the given text. */
const wanted = (name: string): boolean => name.includes(process.argv[3] ?? '');

/** Milliseconds of each model. */
type Times = readonly number[];

async function timesOf(time: (model: TimedModel) => Promise<number>): Promise<Times> {
  const times: number[] = [];
  for (const model of timedModels) times.push(await time(model));
  return times;
}

function printRow(name: string, ours: Times, theirs?: Times): void {
  const cells = timedModels.flatMap((_, index) => [ours[index]!.toFixed(1), theirs?.[index]!.toFixed(1) ?? '']);
  console.log(`| ${[name.padEnd(26), ...cells.map((cell) => cell.padStart(8))].join(' | ')} |`);
}

console.log(
  `Milliseconds per step, nn and tfjs-layers: ${timedModels.map(({ hidden, batch }) => `784-${hidden.join('-')}-10 × ${batch}`).join(', ')}`,
);
for (const threads of [1, 2]) {
  const name = `backend-cpu, threads: ${threads}`;
  if (!wanted(name)) continue;
  const backend = await cpuBackend({ threads });
  printRow(name, await timesOf((model) => stepTimeOn(backend, model, steps)));
  await backend.dispose();
}
const nodeDevices = ['cpu', 'wasm', ...((await provideWebGpu()) ? (['webgpu'] as const) : [])] as const;
for (const device of nodeDevices) {
  const name = `${device}, Node`;
  if (!wanted(name)) continue;
  const ours = await timesOf((model) => ourStepTime(device, model, steps));
  printRow(name, ours, await timesOf((model) => layersStepTime(device, model, steps)));
}

// Without isolation, as the threads of TensorFlow.js do not start in a bundle.
const pages = await openScenarioPages({});
for (const device of pages === undefined ? [] : (['wasm', 'webgl', 'webgpu'] as const)) {
  const name = `${device}, Chromium`;
  if (!wanted(name)) continue;
  const inPage = (time: 'ourStepTime' | 'layersStepTime'): Promise<Times> => timesOf((model) => pages!.run(time, device, model, steps));
  printRow(name, await inPage('ourStepTime'), await inPage('layersStepTime'));
}
await pages?.[Symbol.asyncDispose]();
// Dawn keeps a process alive.
process.exit(0);
