// The command: what it prints, what it exits with, what it refuses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from './main.ts';

const directory = mkdtempSync(join(tmpdir(), 'nn-conformance-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function run(...argv: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const [out, error]: [string[], string[]] = [[], []];
  const code = await main(argv, { out: (line) => out.push(line), error: (line) => error.push(line) });
  return { code, out: out.join('\n'), error: error.join('\n') };
}

const vectors = (name: string, cases: readonly object[]): string => {
  const path = mkdtempSync(join(directory, 'vectors-'));
  writeFileSync(join(path, `${name}.json`), JSON.stringify({ format: 'nn-golden/1', family: name, cases }));
  writeFileSync(join(path, 'other.json'), '{}');
  return path;
};

const relu = (id: string, y: number): object => ({
  id,
  op: 'relu',
  config: {},
  inputs: { x: { shape: [1], data: [2] } },
  outputs: { y: { shape: [1], data: [y] } },
  tol: { outputs: { y: { rtol: 0, atol: 0 } } },
});

describe('nn-conformance', () => {
  it("runs the package's own cases and ends with the coverage", async () => {
    const { code, out, error } = await run('--backend', 'reference', '--filter', 'dense/');
    expect(code).toBe(0);
    expect(out).toMatch(/^dense +7/m);
    expect(out.split('\n').at(-1)).toBe('reference: every case that can be run passes, 7/7');
    expect(error).toContain('reference  dense  7');
  });

  it('counts what waits, by reason', async () => {
    const { code, out } = await run(
      '--backend',
      'reference',
      '--vectors',
      vectors('strange', [relu('strange/relu', 2), { ...relu('strange/x', 2), op: 'X' }]),
    );
    expect(code).toBe(0);
    expect(out).toContain('1 cases wait for something the toolkit does not have yet:\n  the op X   1');
    expect(out).toContain('passes, 1/2');
  });

  it('exits with 1 for a failure, and says how to run it again', async () => {
    const { code, out } = await run('--backend', 'reference', '--vectors', vectors('wrong', [relu('wrong/relu', 3)]));
    expect(code).toBe(1);
    expect(out).toContain('FAIL wrong/relu on reference: outputs/y: element 0 is 2, but 3 is expected');
    expect(out).toContain('again: nn-conformance --backend reference --filter wrong/relu');
  });

  it('writes every result as JSON', async () => {
    const path = join(directory, 'results.json');
    await run('--backend', 'reference', '--filter', 'dropout/', '--json', path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
      expect.objectContaining({ id: 'dropout/dropout-p0.1', family: 'dropout', backend: 'reference', status: 'pass' }),
    ]);
  });

  it('takes a backend from a path, with a variant from a package', async () => {
    const path = join(directory, 'mine.mjs');
    writeFileSync(path, 'export { referenceBackend as mineBackend } from ' + JSON.stringify(import.meta.resolve('@nn/backend-reference')));
    const { code, out } = await run('--backend', path, '--filter', 'dropout/');
    expect([code, out.split('\n').at(-1)]).toEqual([0, `${path}: every case that can be run passes, 1/1`]);
  });

  it('takes several backends', async () => {
    const { out } = await run('--backend', 'reference', '--backend', '@nn/backend-reference', '--filter', 'mse/huge');
    expect(out).toMatch(/^family +reference +@nn\/backend-reference$/m);
  });

  it('explains itself', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--vectors DIR') });
  });

  it.each([
    [2, 'an unknown flag', ['--beckend', 'cpu'], '--beckend'],
    [2, 'a factor that is none', ['--factor', 'four'], '--factor is "four"'],
    [2, 'a filter that matches nothing', ['--filter', 'zzz'], 'No case in'],
    [2, 'a module without a factory', ['--backend', '@nn/optim'], 'it exports none'],
    [1, 'a backend that is not installed', ['--backend', 'abacus'], 'npm install @nn/backend-abacus'],
    [1, 'a path that is none', ['--backend', './nothing.js'], 'could not be loaded'],
    [1, 'a directory without golden files', ['--vectors', join(directory, 'none')], 'cannot be read'],
    [
      1,
      'a file that cannot be written',
      ['--backend', 'reference', '--filter', 'dropout/', '--json', join(directory, 'no', 'x.json')],
      'could not be written',
    ],
  ])('exits with %i for %s', async (code, _, argv, message) => {
    const result = await run(...argv);
    expect(result.code).toBe(code);
    expect(result.error).toContain(message);
  });
});
