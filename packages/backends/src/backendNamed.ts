// `backendNamed`: a backend by its name, for command lines, configuration files and benchmarks.
import { BackendError, ConfigError, didYouMean } from '@nn/core';
import type { Backend } from '@nn/core';
import type { BackendEntry, BackendGrants, BackendName } from './table.ts';
import { backendTable } from './table.ts';

/** All names, in alphabetical order. */
export const backendNames: readonly BackendName[] = (Object.keys(backendTable) as BackendName[]).toSorted();

/**
 * Makes the backend of a name (`'cpu'`), with a variant after a colon where it has several. Its package is imported only now.
 * @throws ConfigError for a name that does not exist; BackendError `backend.unavailable` when its package is not installed; what the
 * backend itself throws when the device refuses
 */
export async function backendNamed(name: BackendName | (string & {}), grants: BackendGrants = {}): Promise<Backend> {
  return makeBackend(name, backendTable, grants);
}

/** As {@link backendNamed}, over another table. */
export async function makeBackend(
  name: string,
  table: Readonly<Record<string, BackendEntry>>,
  grants: BackendGrants = {},
): Promise<Backend> {
  const entry = Object.hasOwn(table, name) ? table[name]! : undefined;
  if (entry === undefined) throw unknownBackend(name, Object.keys(table));
  const create = await load(name, entry);
  return create(grants);
}

function unknownBackend(name: string, names: readonly string[]): ConfigError {
  const [base = ''] = name.split(':');
  const variants = names.filter((other) => other.split(':')[0] === base);
  const list =
    variants.length > 0 && base !== name ? `"${base}" comes as ${variants.join(', ')}.` : `Backends are ${names.toSorted().join(', ')}.`;
  return new ConfigError(`There is no backend "${name}".${didYouMean(name, names)} ${list}`, 'config.unknown');
}

async function load(name: string, entry: BackendEntry): ReturnType<BackendEntry['load']> {
  try {
    return await entry.load();
  } catch (error) {
    throw new BackendError(
      `Backend "${name}" could not be loaded: is ${entry.package} installed? npm install ${entry.package}`,
      'backend.unavailable',
      { cause: error },
    );
  }
}
