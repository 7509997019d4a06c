// Prints what a long training holds on each device, in Node and in Chromium: `pnpm run long-run [steps] [rows]`.
import { provideWebGpu } from '@nn-tooling/test-env';
import type { HeldMemory } from '../src/testing/scenarios.ts';
import { memoryDuring } from '../src/testing/scenarios.ts';
import { openScenarioPages } from '../src/testing/scenarioPage.ts';

const steps = Number(process.argv[2] ?? 1000);
/** Which rows: all, or those whose names contain the given text. */
const wanted = (name: string): boolean => name.includes(process.argv[3] ?? '');

/** The least and the most, or the one number that it always was. */
function range(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function print(name: string, { arrays, deviceBytes, storeBytes, application }: HeldMemory): void {
  const columns = {
    arrays,
    'bytes on the device': deviceBytes,
    'bytes of the store': storeBytes,
    'tensors of the application': application.map(({ numTensors }) => numTensors),
    'its bytes': application.map(({ numBytes }) => numBytes),
  };
  console.log(
    `${name}, steps 11 to ${steps}: ${Object.entries(columns)
      .map(([what, counts]) => `${what} ${range(counts)}`)
      .join(', ')}`,
  );
}

for (const device of ['cpu', 'wasm', ...((await provideWebGpu()) ? (['webgpu'] as const) : [])] as const)
  if (wanted(`${device}, Node`)) print(`${device}, Node`, await memoryDuring(device, steps));
const pages = await openScenarioPages();
for (const device of pages === undefined ? [] : (['wasm', 'webgl', 'webgpu'] as const))
  if (wanted(`${device}, Chromium`)) print(`${device}, Chromium`, await pages!.run('memoryDuring', device, steps));
await pages?.[Symbol.asyncDispose]();
// Dawn keeps a process alive.
process.exit(0);
