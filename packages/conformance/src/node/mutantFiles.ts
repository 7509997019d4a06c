// Mutants of others: the modules of a directory, each of which exports `mutants`.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, DataError } from '@nn/core';
import type { Mutant } from '../mutants/mutant.ts';

/** @throws DataError when the directory cannot be read; ConfigError for a module that exports no list `mutants` */
export async function loadMutants(directory: string): Promise<Mutant[]> {
  const found: Mutant[] = [];
  for (const path of modulesIn(directory)) {
    const { mutants } = (await import(pathToFileURL(path).href)) as { readonly mutants?: unknown };
    if (!Array.isArray(mutants)) throw new ConfigError(`${path} exports no list named "mutants".`);
    found.push(...(mutants as Mutant[]));
  }
  if (found.length === 0) throw new DataError(`${directory} holds no modules that export mutants.`, 'data.missing');
  return found;
}

function modulesIn(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => /\.[mc]?[jt]s$/.test(name) && !/\.(test|d)\./.test(name));
    return names.toSorted().map((name) => resolve(join(directory, name)));
  } catch (cause) {
    throw new DataError(`The directory ${directory} cannot be read.`, 'data.missing', { cause });
  }
}
