// The command line of nn-conformance.
import { parseArgs } from 'node:util';
import { ConfigError, checkSeed } from '@nn/core';
import type { Level, Tier } from '../suite/contract.ts';
import { levels, tiers } from '../suite/contract.ts';
import { defaultSeed } from '../suite/seed.ts';

/** What a user asked for. */
export interface ConformanceArguments {
  readonly help: boolean;
  readonly backends: readonly string[];
  readonly tier: Tier;
  /** Undefined: all. */
  readonly levels: readonly Level[] | undefined;
  /** One or more. */
  readonly seeds: readonly number[];
  /** Undefined: the golden files of this package and the generated cases. */
  readonly vectors: string | undefined;
  readonly filter: string;
  /** Undefined: what each backend's accuracy asks for. */
  readonly factor: number | undefined;
  /** A file of failures that are known. */
  readonly expectedFailures: string | undefined;
  readonly json: string | undefined;
  readonly html: string | undefined;
  readonly mutants: string | undefined;
  readonly compare: { readonly backends: readonly [string, string]; readonly program: string } | undefined;
}

export const helpText = `nn-conformance: whether a backend of nn is right

  nn-conformance --backend cpu
  nn-conformance --backend ./my-backend.js --level forward --filter /map/
  nn-conformance --compare cpu ./my-backend.js --program program.json

  --backend NAME   cpu, reference, …; a package; or a path. Repeatable; default reference and cpu.
                   A module exports one function named like cpuBackend. name:variant gives it { device: variant },
                   name:option=value,option=value any others.
                   One with threads takes { threads } too: results are compared with those on other numbers of threads.
  --tier TIER      quick (default): every op, and every case that catches a known mistake; full: more and larger data
  --level LEVEL    forward, gradients, training or "life cycle": what to get right one after the other. Repeatable.
  --filter TEXT    only cases whose id contains this: --filter softmax/
  --seed N         of the random data (${defaultSeed}); repeatable, and 2..21 is twenty of them
  --factor N       on the tolerances; default what the backend's accuracy asks for: 1, or 4 where it is relaxed or a shader's
  --vectors DIR    golden files (format nn-golden/1), subdirectories included, in place of all other cases
  --expected-failures FILE
                   known failures as JSON, [{ "id", "reason", "expires": "2027-03-01" }]: they are skipped, and fail when they pass
  --json FILE      every result as JSON
  --html FILE      a page with the matrix, and everything that did not pass
  --mutants DIR    whether the cases catch the wrong backends that the modules of a directory export
  --compare A B    with --program FILE: the first instruction at which two backends part, the reference being the judge
  --help           this text

Exit code 0 when no case fails, 1 when one does, 2 when the command is not understood.`;

/** @throws ConfigError for options that do not exist or have a wrong value */
export function parseArguments(argv: readonly string[]): ConformanceArguments {
  const { values, positionals } = optionsOf(argv);
  const {
    backend,
    factor,
    seed,
    tier,
    level,
    compare,
    program,
    help,
    filter,
    vectors,
    json,
    html,
    mutants,
    'expected-failures': expectedFailures,
  } = values;
  const multiple = factor === undefined ? undefined : Number(factor);
  if (multiple !== undefined && !(multiple > 0 && Number.isFinite(multiple)))
    throw new ConfigError(`--factor is "${factor}"; a number above 0 is needed.`);
  return {
    help,
    backends: backend,
    tier: oneOf('--tier', tier, tiers),
    levels: level?.map((name) => oneOf('--level', name, levels)),
    seeds: seed.flatMap(seedsOf),
    vectors,
    filter,
    factor: multiple,
    expectedFailures,
    json,
    html,
    mutants,
    compare: comparison(compare, positionals, program),
  };
}

function comparison(
  first: string | undefined,
  [second, ...more]: readonly string[],
  program: string | undefined,
): ConformanceArguments['compare'] {
  if (first === undefined && second === undefined && program === undefined) return undefined;
  if (first === undefined || second === undefined || program === undefined || more.length > 0) {
    const given = [second, ...more].filter((name) => name !== undefined).join(' ');
    throw new ConfigError(
      first === undefined && program === undefined
        ? `"${given}" belongs to no option.`
        : 'A comparison needs two backends and a program: --compare cpu ./my-backend.js --program program.json',
    );
  }
  return { backends: [first, second], program };
}

/** `7`, or `2..21` for all from the first to the last. */
function seedsOf(given: string): number[] {
  const [first, last = first] = given.split('..').map((seed) => checkSeed(seed === '' ? NaN : Number(seed))) as [number, number?];
  if (last < first) throw new ConfigError(`--seed is "${given}"; the first of them comes first: ${last}..${first}`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function oneOf<Name extends string>(option: string, given: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new ConfigError(`${option} is "${given}"; ${names.join(', ')} are known.`);
  return found;
}

function optionsOf(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        backend: { type: 'string', multiple: true, default: ['reference', 'cpu'] },
        tier: { type: 'string', default: 'quick' },
        level: { type: 'string', multiple: true },
        seed: { type: 'string', multiple: true, default: [String(defaultSeed)] },
        vectors: { type: 'string' },
        filter: { type: 'string', default: '' },
        factor: { type: 'string' },
        'expected-failures': { type: 'string' },
        json: { type: 'string' },
        html: { type: 'string' },
        mutants: { type: 'string' },
        compare: { type: 'string' },
        program: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), 'config.unknown', { cause });
  }
}
