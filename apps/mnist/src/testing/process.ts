// Runs nn-mnist in a process of its own, on its sources.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from './command.ts';

/** @param onOutput hears what the process writes to stdout, with the process */
export async function runProcess(
  argv: readonly string[],
  onOutput: (text: string, process: ChildProcess) => void = () => {},
): Promise<CommandResult> {
  const script = fileURLToPath(new URL('../cli.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@nn/source', '--import', import.meta.resolve('tsx'), script, ...argv]);
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
    onOutput(text, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => (code === null ? reject(new Error(`ended by ${signal}`)) : resolve(code)));
  });
  return { exitCode, ...written };
}
