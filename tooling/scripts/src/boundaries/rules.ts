// Who may import whom: the one table of the repository's structure, from the bottom up.

/** What the sources of one package may import. Tests are free as long as the packages' dependencies form no circle. */
export interface PackageRule {
  /** Packages of this repository, without the scope. */
  readonly imports: readonly string[];
  /** Packages that only `import()` may name. */
  readonly loads?: readonly string[];
  /** Files and folders below `src` that exist for Node and may import `node:` modules. */
  readonly node?: readonly string[];
  /** Order of the folders below `src`: for each, the folders it may import from. */
  readonly folders?: Readonly<Record<string, FolderRule>>;
}

export interface FolderRule {
  readonly imports: readonly string[];
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[];
}

const coreFolders = {
  errors: { imports: [] },
  array: { imports: ['errors'] },
  scalar: { imports: ['errors', 'array'] },
  rng: { imports: ['errors', 'array'] },
  program: { imports: ['errors', 'array', 'scalar'] },
  ops: { imports: ['errors', 'array', 'scalar', 'program', 'rng'] },
  passes: { imports: ['errors', 'array', 'scalar', 'program', 'rng', 'ops'] },
  backend: { imports: ['errors', 'array', 'scalar', 'program', 'rng', 'ops', 'passes'] },
  module: { imports: ['errors', 'array', 'scalar', 'program', 'rng', 'ops', 'passes'], types: ['backend'] },
} as const satisfies Record<string, FolderRule>;

/** Rules of `packages/*`, by folder name. A package that is missing here fails the check. */
export const packageRules: Readonly<Record<string, PackageRule>> = {
  core: { imports: [], folders: coreFolders },
  initializers: { imports: ['core'] },
  optim: { imports: ['core'] },
  data: { imports: ['core'], node: ['node/'] },
  layers: { imports: ['core', 'initializers'] },
  train: { imports: ['core', 'layers', 'optim', 'initializers', 'data'] },
  kit: { imports: ['core', 'layers', 'initializers', 'optim', 'train', 'data'] },
  'backend-reference': { imports: ['core'] },
  'backend-cpu': { imports: ['core'] },
  'backend-gpujs': { imports: ['core'] },
  'backend-tfjs': { imports: ['core'] },
  conformance: {
    imports: ['core', 'initializers', 'layers', 'optim', 'train', 'data', 'backend-reference'],
    node: ['cli.ts', 'node/', 'vitest/'],
  },
  backends: { imports: ['core'], loads: ['backend-reference', 'backend-cpu', 'backend-gpujs', 'backend-tfjs'] },
};
