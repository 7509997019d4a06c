// The vitest settings of every package whose tests run in Node, on sources.
import { basename } from 'node:path';
import { defineProject } from 'vitest/config';

const conditions = ['@nn/source', 'module', 'node', 'development|production'];

/**
 * The vitest project of the package in `directory`, under the name of that folder unless another is given. Names that begin with
 * `system:` are of tests that take long or need builds or a browser; the unit tests leave them out.
 */
export const nodeProject = (directory: string, name = basename(directory)) =>
  project(directory, name, { include: ['src/**/*.test.ts'], exclude: ['src/**/*.system.test.ts'] });

/**
 * The long tests, `*.system.test.ts`, of a package whose other tests are unit tests. Under the name that is given them unless told
 * otherwise, `pnpm run test:suite` runs them.
 */
export const systemProject = (directory: string, name: `system:${string}` = `system:suite-${basename(directory)}`) =>
  project(directory, name, { include: ['src/**/*.system.test.ts'], exclude: [] });

const project = (directory: string, name: string, files: { readonly include: string[]; readonly exclude: string[] }) =>
  defineProject({
    ssr: { resolve: { conditions } },
    test: {
      name,
      ...files,
      root: directory,
      // Importing has no side effects here, so test files can share their modules; that halves the time of all tests.
      isolate: false,
    },
  });
