// The rules applied to files: pure, so that the tests can break each one in memory.
import { posix } from 'node:path';
import type { Import } from './imports.ts';
import { importsOf } from './imports.ts';
import type { PackageRule } from './rules.ts';

/** One package of the workspace: its folder (`packages/core`), its package.json and its sources by path below `src`. */
export interface WorkspacePackage {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly sources: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type Rules = Readonly<Record<string, PackageRule>>;

/** Everything that breaks a rule, one sentence each, file first. */
export function violations(workspace: readonly WorkspacePackage[], rules: Rules): string[] {
  return [...workspace.flatMap((one) => fileViolations(one, workspace, rules)), ...circles(workspace)];
}

function fileViolations(one: WorkspacePackage, workspace: readonly WorkspacePackage[], rules: Rules): string[] {
  const [group, name = ''] = one.directory.split('/');
  const rule = group === 'packages' ? rules[name] : undefined;
  if (group === 'packages' && rule === undefined) return [`${one.directory}: the table of boundaries has no row for this package`];
  return Object.entries(one.sources).flatMap(([path, text]) =>
    importsOf(path, text).flatMap((found) => {
      const broken =
        everywhere(found, path, workspace) ??
        (rule === undefined || isTest(path) ? undefined : (packageViolation(found, path, rule) ?? folderViolation(found, path, rule)));
      return broken === undefined ? [] : [`${one.directory}/src/${path}: '${found.specifier}' ${broken}`];
    }),
  );
}

const isTest = (path: string) => /\.test(-d)?\.ts$|(^|\/)testing\//.test(path);

/** What holds for every file, tests and apps included. */
function everywhere({ specifier }: Import, path: string, workspace: readonly WorkspacePackage[]): string | undefined {
  if (specifier.startsWith('.')) return resolve(path, specifier).startsWith('..') ? 'leaves the package: import it by its name' : undefined;
  const target = workspace.find(({ manifest }) => specifier === manifest.name || specifier.startsWith(`${manifest.name}/`));
  if (target === undefined) return undefined;
  if (target.directory.startsWith('apps/')) return 'is an app: nobody imports an app';
  const subpath = `.${specifier.slice(target.manifest.name.length)}`;
  return Object.hasOwn(target.manifest.exports ?? {}, subpath) ? undefined : `is no entry in the exports of ${target.manifest.name}`;
}

/** What the sources of a published package may import from outside. */
function packageViolation({ specifier, kind }: Import, path: string, rule: PackageRule): string | undefined {
  if (specifier.startsWith('node:')) {
    return rule.node?.some((place) => path.startsWith(place)) ? undefined : 'is for Node only, and this file also runs in browsers';
  }
  if (specifier.startsWith('@nn-tooling/')) return 'is tooling: only tests may use it';
  const name = /^@nn\/([^/]+)/.exec(specifier)?.[1];
  if (name === undefined || rule.imports.includes(name)) return undefined;
  if (rule.loads?.includes(name)) return kind === 'dynamic' ? undefined : 'must be loaded with import(), only when it is asked for';
  return 'is above this package or beside it: see the table of boundaries';
}

/** The order of folders inside a package. Files directly in `src` are entries and may import any folder. */
function folderViolation({ specifier, kind }: Import, path: string, rule: PackageRule): string | undefined {
  if (rule.folders === undefined || !specifier.startsWith('.')) return undefined;
  const from = folder(path);
  const to = folder(resolve(path, specifier));
  if (from === undefined || from === to) return undefined;
  const allowed = rule.folders[from];
  if (allowed === undefined) return `is imported from '${from}/', which has no row in the order of folders`;
  if (to === undefined) return `is an entry: '${from}/' imports from folders only`;
  if (allowed.imports.includes(to)) return undefined;
  if (allowed.types?.includes(to)) return kind === 'type' ? undefined : `: '${from}/' may import only types from '${to}/'`;
  return `: '${from}/' may not import from '${to}/'`;
}

const resolve = (path: string, specifier: string) => posix.join(posix.dirname(path), specifier);
const folder = (path: string) => (path.includes('/') ? path.split('/')[0] : undefined);

/** Circles among the packages: builds are ordered by package.json, devDependencies included. */
function circles(workspace: readonly WorkspacePackage[]): string[] {
  const byName = new Map(workspace.map((one) => [one.manifest.name, one]));
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): string[] => {
    const start = trail.indexOf(name);
    if (start >= 0) return [`${[...trail.slice(start), name].join(' -> ')}: these packages depend on each other in a circle`];
    const one = byName.get(name);
    if (one === undefined || done.has(name)) return [];
    const { dependencies, devDependencies, peerDependencies } = one.manifest;
    const next = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
    const found = next.flatMap((dependency) => visit(dependency, [...trail, name]));
    done.add(name);
    return found;
  };
  return [...byName.keys()].flatMap((name) => visit(name, []));
}
