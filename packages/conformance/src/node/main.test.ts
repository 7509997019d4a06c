// The command: what it prints, what it exits with, what it refuses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { softmax, trace } from '@nn/core';
import { numbers } from '../samples/arrays.ts';
import { main } from './main.ts';
import { writeProgram } from './programFile.ts';

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
  it('runs golden values and generated cases, and ends with the coverage', async () => {
    const { code, out, error } = await run('--backend', 'reference', '--filter', 'conv2d/');
    expect(code).toBe(0);
    expect(out).toMatch(/^golden conv2d +\d+ /m);
    expect(out).toMatch(/^layer conv2d +\d+ /m);
    expect(out.split('\n').at(-1)).toMatch(/^reference: no case fails, (\d+)\/\1$/);
    expect(error).toMatch(/^reference {2}\d+\/\d+$/m);
  });

  it.each([
    [['--level', 'forward'], /^(golden|forward)\//],
    [['--level', 'life cycle', '--level', 'training'], /^(life cycle|training)\//],
  ])('runs the levels that are asked for: %j', async (argv, ids) => {
    const path = join(directory, 'levels.json');
    await run('--backend', 'reference', '--filter', 'dropout', '--json', path, ...argv);
    const reports = JSON.parse(readFileSync(path, 'utf8')) as { id: string }[];
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.filter(({ id }) => !ids.test(id))).toEqual([]);
  });

  it('counts what waits against the coverage, with the reason', async () => {
    const { code, out } = await run(
      '--backend',
      'reference',
      '--vectors',
      vectors('strange', [relu('strange/relu', 2), { ...relu('strange/x', 2), op: 'X' }]),
    );
    expect(code).toBe(0);
    expect(out).toContain('Not covered:\n  reference, unsupported: waits for the op X   1');
    expect(out).toContain('no case fails, 1/2');
  });

  it('exits with 1 for a failure, and says how to run it again', async () => {
    const path = vectors('wrong', [relu('wrong/relu', 3)]);
    const { code, out } = await run('--backend', 'reference', '--vectors', path);
    expect(code).toBe(1);
    expect(out).toContain('FAIL golden/wrong/relu on reference: outputs/y: element 0 is 2, but 3 is expected');
    expect(out).toContain(`again: nn-conformance --backend reference --vectors ${path} --filter 'golden/wrong/relu'`);
  });

  it('skips failures that are known, and fails when they pass', async () => {
    const path = vectors('wrong', [relu('wrong/relu', 3), relu('right/relu', 2)]);
    const known = join(directory, 'known.json');
    const write = (...ids: readonly string[]): void =>
      writeFileSync(known, JSON.stringify(ids.map((id) => ({ id, reason: 'issue 7', expires: '2999-01-01' }))));
    write('wrong/relu');
    const expected = await run('--backend', 'reference', '--vectors', path, '--expected-failures', known);
    expect([expected.code, expected.out]).toEqual([0, expect.stringContaining('skipped: expected to fail until 2999-01-01: issue 7')]);
    write('wrong/relu', 'right/relu');
    const cured = await run('--backend', 'reference', '--vectors', path, '--expected-failures', known);
    expect([cured.code, cured.out]).toEqual([1, expect.stringContaining('Take it off the list.')]);
    writeFileSync(known, '[{ "id": "x" }]');
    expect(await run('--vectors', path, '--expected-failures', known)).toMatchObject({
      code: 1,
      error: expect.stringContaining('entry 0 needs an id, a reason'),
    });
  });

  it('writes every result as JSON and as a page', async () => {
    const [json, html] = [join(directory, 'results.json'), join(directory, 'results.html')];
    await run('--backend', 'reference', '--filter', 'golden/dropout/', '--json', json, '--html', html);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual([
      expect.objectContaining({ id: 'golden/dropout/dropout-p0.1', level: 'gradients', backend: 'reference', status: 'pass' }),
    ]);
    expect(readFileSync(html, 'utf8')).toContain('<th scope="row">golden dropout</th>');
  });

  it('takes a backend from a path', async () => {
    const path = join(directory, 'mine.mjs');
    writeFileSync(path, 'export { referenceBackend as mineBackend } from ' + JSON.stringify(import.meta.resolve('@nn/backend-reference')));
    const { code, out } = await run('--backend', path, '--filter', 'golden/dropout/');
    expect([code, out.split('\n').at(-1)]).toEqual([0, `${path}: no case fails, 1/1`]);
  });

  it('takes several seeds, and reruns each failure with its own', async () => {
    const path = join(directory, 'seeds.json');
    const { out, error } = await run('--backend', 'reference', '--filter', 'softmax/rows', '--seed', '2..3', '--seed', '7', '--json', path);
    expect(error.split('\n').filter((line) => line.startsWith('reference'))).toEqual(
      [2, 3, 7].map((seed) => expect.stringMatching(new RegExp(`^reference, seed ${seed} {2}(\\d+)/\\1$`))),
    );
    const reports = JSON.parse(readFileSync(path, 'utf8')) as { rerun: string }[];
    expect(reports.at(-1)!.rerun).toContain('--seed 7');
    expect(out).toContain(`${reports.length}/${reports.length}`);
  });

  it('takes several backends', async () => {
    const { out } = await run('--backend', 'reference', '--backend', '@nn/backend-reference', '--filter', 'mse/huge');
    expect(out).toMatch(/^subject +reference +@nn\/backend-reference$/m);
  });

  it('explains itself', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--vectors DIR') });
  });

  it('says of the mutants of others which are caught, and exits with 1 for one that is not', async () => {
    const path = mkdtempSync(join(directory, 'mutants-'));
    const source = JSON.stringify(new URL('../mutants/index.ts', import.meta.url).href);
    const mutant = `ofPrimitive('leak', 'iota', 'zeros', () => () => (_, [output]) => void output.fill(0))`;
    const harmless = `ofPrimitive('leak', 'iota', 'nothing', (right) => right)`;
    writeFileSync(join(path, 'mine.mjs'), `import { ofPrimitive } from ${source};\nexport const mutants = [${mutant}, ${harmless}];\n`);
    const { code, out } = await run('--mutants', path, '--filter', '/iota/');
    expect(code).toBe(1);
    expect(out).toBe('caught  iota: zeros: forward/iota/columns\nMISSED  iota: nothing\n1/2 mutants caught');
  });

  it.each([
    [2, 'an unknown flag', ['--beckend', 'cpu'], '--beckend'],
    [2, 'a factor that is none', ['--factor', 'four'], '--factor is "four"'],
    [2, 'a tier that is none', ['--tier', 'fast'], '--tier is "fast"; quick, full are known.'],
    [2, 'a level that is none', ['--level', 'backward'], '--level is "backward"'],
    [2, 'a word that belongs nowhere', ['cpu'], '"cpu" belongs to no option'],
    [2, 'a comparison without a program', ['--compare', 'cpu', 'reference'], 'needs two backends and a program'],
    [2, 'a seed that is none', ['--seed', 'x'], 'seed'],
    [2, 'seeds that run backwards', ['--seed', '5..2'], '2..5'],
    [2, 'a filter that matches nothing', ['--filter', 'zzz'], 'No case has "zzz" in its id.'],
    [2, 'a module without a factory', ['--backend', '@nn/optim'], 'it exports none'],
    [1, 'a backend that is not installed', ['--backend', 'abacus'], 'npm install @nn/backend-abacus'],
    [1, 'a path that is none', ['--backend', './nothing.js'], 'could not be loaded'],
    [1, 'a directory without golden files', ['--vectors', join(directory, 'none')], 'cannot be read'],
    [1, 'a directory without mutants', ['--mutants', join(directory, 'none')], 'cannot be read'],
    [
      1,
      'a file that cannot be written',
      ['--backend', 'reference', '--filter', 'golden/dropout/', '--json', join(directory, 'no', 'x.json')],
      'could not be written',
    ],
  ])('exits with %i for %s', async (code, _, argv, message) => {
    const result = await run(...argv);
    expect(result.error).toContain(message);
    expect(result.code).toBe(code);
  });
});

describe('--compare', () => {
  const programFile = (): string => {
    const x = numbers(1000, 2, 3);
    const program = trace({ x }, ({ x: input }) => softmax(input.mul(2)).sum());
    const path = join(directory, 'program.json');
    writeFileSync(path, writeProgram(program, { inputs: { x }, variables: {} }));
    return path;
  };

  it('says that two backends agree', async () => {
    const { code, out } = await run('--compare', 'reference', 'reference', '--program', programFile());
    expect([code, out]).toEqual([0, expect.stringMatching(/^Both agree with the reference on all \d+ instructions\.$/)]);
  });

  it('names the instruction at which they part, and who is wrong', async () => {
    const path = join(directory, 'wrong.mjs');
    const source = JSON.stringify(new URL('../mutants/index.ts', import.meta.url).href);
    writeFileSync(
      path,
      `import { mutants } from ${source};\nexport const wrongBackend = () => mutants.find(({ name }) => name === 'softmax: without subtracting the maximum').create().backend;\n`,
    );
    const { code, out } = await run('--compare', 'reference', path, '--program', programFile());
    expect(code).toBe(1);
    expect(out).toContain('They part at instruction 1:\n  softmax(f32[3])');
    expect(out).toContain('reference: agrees with the reference');
    expect(out).toContain(`${path}: output 0: element 0 is NaN, but 1 is expected`);
  });

  it('refuses a file that is no program', async () => {
    const path = join(directory, 'none.json');
    writeFileSync(path, '{ "program": { "version": 1 } }');
    expect(await run('--compare', 'reference', 'reference', '--program', path)).toMatchObject({
      code: 1,
      error: expect.stringContaining('is no program'),
    });
  });
});
