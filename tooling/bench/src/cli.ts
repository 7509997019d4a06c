// `pnpm bench`: measures nn and its peers in one interleaved run, prints tables and writes the results.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Command, InvalidArgumentError } from 'commander';
import type { ContenderSpec } from './contenders.ts';
import { chromiumContenders, limitsContender, nodeContenders, ours, pytorchContenders } from './contenders.ts';
import { measureWorkload } from './measure.ts';
import { installPeers } from './peers.ts';
import { ContenderProcess } from './processes.ts';
import { performanceDocument } from './report/document.ts';
import { report } from './report/tables.ts';
import type { Results, Row } from './results.ts';
import { limits, workloads } from './workloads.ts';

interface Options {
  readonly only?: readonly string[];
  readonly contenders?: readonly string[];
  readonly pytorch: boolean;
  readonly chromium: boolean;
  readonly rounds: number;
  readonly threads: number;
  readonly warmUp: number;
  readonly slice: number;
  readonly out: string;
}

const documentPath = 'docs/performance.md';
const log = new URL('../log.md', import.meta.url);

const names = (text: string) => text.split(',');

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('An integer of at least 1 is needed.');
  return number;
}

const program = new Command('bench')
  .description('Measures nn, tfjs-wasm, jax-js, onnxruntime-web and plain JavaScript in one interleaved run.')
  .option('--only <names>', `workloads whose names begin so, separated by commas: ${workloads.map(({ name }) => name).join(', ')}`, names)
  .option('--contenders <names>', 'those whose names begin so, separated by commas', names)
  .option('--pytorch', 'also a PyTorch that is on this machine ($PYTHON, python3 or /usr/bin/python3)', false)
  .option('--chromium', 'also nn in pages of Chromium, which is downloaded once', false)
  .option('--rounds <count>', 'how often every contender takes its turn', atLeastOne, 7)
  .option('--threads <count>', 'of contenders that have threads', atLeastOne, availableParallelism())
  .option('--warm-up <milliseconds>', 'of every contender before each workload', atLeastOne, 1000)
  .option('--slice <milliseconds>', 'of one contender in one round', atLeastOne, 150)
  .option('--out <file>', 'where the results are written', 'runs/bench.json')
  .addCommand(
    new Command('show')
      .description('prints the tables of results that were written')
      .argument('<file>')
      .action(async (file: string) => console.log(report(await readResults(file)))),
  )
  .addCommand(
    new Command('document')
      .description(`writes ${documentPath} from results, one file per version of Node`)
      .argument('<file...>')
      .action(async (files: readonly string[]) => {
        await writeFile(documentPath, performanceDocument(await Promise.all(files.map(readResults)), await readFile(log, 'utf8')));
        await promisify(execFile)('node_modules/.bin/oxfmt', [documentPath]);
      }),
  )
  .action(run);

async function readResults(file: string): Promise<Results> {
  return JSON.parse(await readFile(file, 'utf8')) as Results;
}

async function run(options: Options): Promise<void> {
  const contenders = await chosenContenders(options);
  const chosen = [...limits(options.threads), ...chosenWorkloads(options)];
  const scratch = await mkdtemp(join(tmpdir(), 'nn-bench-'));
  const processes = new Map(contenders.map(({ name, launch }) => [name, new ContenderProcess(launch)]));
  const rows: Row[] = [];
  try {
    for (const workload of chosen) {
      console.error(`${workload.title} …`);
      const outcomes = await measureWorkload(workload, processes, { ...options, scratch });
      rows.push({ ...workload, outcomes: Object.fromEntries(outcomes) });
    }
  } finally {
    for (const process of processes.values()) process.close();
    await rm(scratch, { recursive: true });
  }
  const results: Results = {
    machine: { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() },
    threads: options.threads,
    settings: { rounds: options.rounds, warmUp: options.warmUp, slice: options.slice },
    columns: contenders.map(({ name, title, group }) => ({ name, title, group })),
    rows,
  };
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(results, undefined, 1)}\n`);
  console.log(`${report(results)}\n\nWritten to ${options.out}.`);
}

async function chosenContenders({ contenders, threads, pytorch, chromium }: Options): Promise<ContenderSpec[]> {
  const all = [
    ...nodeContenders(threads),
    ...(chromium ? chromiumContenders(threads) : []),
    ...(pytorch ? await pytorchContenders(threads) : []),
  ];
  const isChosen = (name: string) => contenders === undefined || beginsWithOne(name, contenders);
  const chosen = all.filter(({ name }) => name === ours || name === limitsContender || isChosen(name));
  if (chosen.some(({ peer }) => peer)) await installPeers();
  return chosen;
}

function chosenWorkloads({ only }: Options) {
  const chosen = only === undefined ? workloads : workloads.filter(({ name }) => beginsWithOne(name, only));
  if (chosen.length === 0) throw new Error(`No workload's name begins with ${only?.join(' or ')}; see bench --help.`);
  return chosen;
}

const beginsWithOne = (name: string, beginnings: readonly string[]) => beginnings.some((beginning) => name.startsWith(beginning));

await program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
