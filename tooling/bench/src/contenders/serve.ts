// A process of one contender: prepares what it is told on standard input, runs it and says how long that took. One JSON object a line.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { decodeSafetensors } from '@nn/kit';
import { models } from '../models.ts';
import type { Answer, Command } from '../protocol.ts';
import type { Task } from '../workloads.ts';
import type { Arrays, ContenderModule, ContenderOptions, Prepared } from './contract.ts';

const [path, options] = process.argv.slice(2) as [string, string];
const { open } = (await import(path)) as ContenderModule;
const contender = await open(JSON.parse(options) as ContenderOptions);
let prepared: Prepared | undefined;

async function prepare(task: Task, fixture: string): Promise<Answer> {
  const model = 'model' in task ? models[task.model] : undefined;
  prepared = await contender.prepare({ task, model, arrays: await readArrays(fixture) });
  if (prepared === undefined) return { able: false };
  return { able: true, ...(prepared.check === undefined ? {} : { check: prepared.check }) };
}

async function readArrays(fixture: string): Promise<Arrays> {
  const { tensors } = decodeSafetensors(await readFile(fixture));
  return Object.fromEntries(tensors) as Arrays;
}

/** Milliseconds of each sample, which is so many runs. */
async function run({ samples, runs }: { readonly samples: number; readonly runs: number }): Promise<Answer> {
  const milliseconds: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    for (let index = 0; index < runs; index++) {
      const pending = prepared!.run();
      if (pending instanceof Promise) await pending;
    }
    milliseconds.push(performance.now() - start);
  }
  return { milliseconds };
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
// Threads that wait for work would keep the process alive.
process.exit(0);
