// The command line of nn-conformance.
import { parseArgs } from 'node:util';
import { ConfigError } from '@nn/core';
import { packageVectors } from './files.ts';

/** What a user asked for. */
export interface ConformanceArguments {
  readonly help: boolean;
  readonly backends: readonly string[];
  readonly vectors: string;
  readonly filter: string;
  readonly factor: number;
  readonly json: string | undefined;
}

export const helpText = `nn-conformance: whether a backend of nn is right

  nn-conformance --backend cpu
  nn-conformance --backend ./my-backend.js --factor 4 --json results.json

  --backend NAME   cpu, reference, …; a package; or a path. Repeatable; default reference and cpu.
                   A module exports one function named like cpuBackend. name:variant gives it { device: variant }.
  --vectors DIR    golden files (format nn-golden/1), subdirectories included; default those of this package
  --filter TEXT    only cases whose id contains this: --filter batchnorm/
  --factor N       on the tolerances: 1 (default) for CPU float32 or better, 4 for WebAssembly and GPUs
  --json FILE      every result as JSON
  --help           this text

Exit code 0 when every case that can be run passes, 1 when one fails, 2 when the command is not understood.`;

/** @throws ConfigError for options that do not exist or have a wrong value */
export function parseArguments(argv: readonly string[]): ConformanceArguments {
  const { backend, vectors, filter, factor, json, help } = optionsOf(argv);
  const multiple = Number(factor);
  if (!(multiple > 0 && Number.isFinite(multiple))) throw new ConfigError(`--factor is "${factor}"; a number above 0 is needed.`);
  return { help, backends: backend, vectors, filter, factor: multiple, json };
}

function optionsOf(argv: readonly string[]): {
  backend: string[];
  vectors: string;
  filter: string;
  factor: string;
  json: string | undefined;
  help: boolean;
} {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        backend: { type: 'string', multiple: true, default: ['reference', 'cpu'] },
        vectors: { type: 'string', default: packageVectors },
        filter: { type: 'string', default: '' },
        factor: { type: 'string', default: '1' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { ...values, json: values.json };
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), 'config.unknown', { cause });
  }
}
