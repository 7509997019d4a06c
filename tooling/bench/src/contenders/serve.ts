// A process of one contender: prepares what it is told on standard input, runs it and says how long that took. One JSON object a line.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeSafetensors } from '@nn/kit';
import type { ModelDescription } from '../models.ts';
import { models } from '../models.ts';
import type { Answer, Command } from '../protocol.ts';
import type { Task } from '../workloads.ts';
import type { Arrays, ContenderModule, ContenderOptions, Prepared } from './contract.ts';

const [path, options] = process.argv.slice(2) as [string, string];
const { open, start } = (await import(path)) as ContenderModule;
const contender = await open(JSON.parse(options) as ContenderOptions);
let prepared: Prepared | undefined;

async function prepare(task: Task, fixture: string): Promise<Answer> {
  const model = 'model' in task ? models[task.model] : models.mlp;
  prepared =
    task.kind === 'start' && start !== undefined
      ? { run: () => startProcess(start, fixture, model) }
      : await contender.prepare({ task, model, arrays: await readArrays(fixture) });
  if (prepared === undefined) return { able: false };
  return { able: true, ...(prepared.check === undefined ? {} : { check: prepared.check }) };
}

async function readArrays(fixture: string): Promise<Arrays> {
  const { tensors } = decodeSafetensors(await readFile(fixture));
  return Object.fromEntries(tensors) as Arrays;
}

/** Milliseconds from import to first prediction in a fresh process. */
async function startProcess(script: URL, fixture: string, model: ModelDescription): Promise<number> {
  const args = [fileURLToPath(script), path, options, fixture, JSON.stringify(model)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout.trim().split('\n').at(-1));
}

/** Milliseconds of each sample, which is so many runs, and the sum of their figures if they have some. */
async function run({ samples, runs }: { readonly samples: number; readonly runs: number }): Promise<Answer> {
  const milliseconds: number[] = [];
  const figures: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    let figure: number | undefined;
    const begin = performance.now();
    for (let index = 0; index < runs; index++) {
      const pending = prepared!.run();
      const result: unknown = pending instanceof Promise ? await pending : pending;
      if (typeof result === 'number') figure = (figure ?? 0) + result;
    }
    milliseconds.push(performance.now() - begin);
    if (figure !== undefined) figures.push(figure);
  }
  return { milliseconds, ...(figures.length === 0 ? {} : { figures }) };
}

async function answer(command: Command): Promise<Answer> {
  switch (command.do) {
    case 'prepare':
      return prepare(command.task, command.fixture);
    case 'run':
      return run(command);
    case 'release':
      await prepared?.dispose?.();
      prepared = undefined;
      return {};
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await answer(JSON.parse(line) as Command).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
  }));
  process.stdout.write(`${JSON.stringify({ answer: result })}\n`);
}
await contender.close?.();
// Threads that wait for work would keep the process alive.
process.exit(0);
