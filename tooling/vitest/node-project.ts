// The vitest settings of every package whose tests run in Node, on sources. Quick tests are called `*.test.ts`, those that take seconds or
// need builds or a browser `*.system.test.ts`.
import { basename } from 'node:path';
import { defineConfig, defineProject } from 'vitest/config';

const conditions = ['@nn/source', 'module', 'node', 'development|production'];

/** Importing has no side effects here, so test files can share their modules; that halves the time of all tests. */
const isolate = false;

/** Vitest would leave a core to itself, which on two cores is half of them. Long tests keep more than one busy by themselves. */
const maxWorkers = '100%';

/** A busy machine is slow, not wrong. */
const testTimeout = 30_000;

const long = 'src/**/*.system.test.ts';

/** The quick tests of the package in `directory`, under the name of that folder unless another is given. */
export const nodeProject = (directory: string, name = basename(directory)) =>
  defineProject({
    ssr: { resolve: { conditions } },
    test: { name, root: directory, include: ['src/**/*.test.ts'], exclude: [long], isolate, testTimeout },
  });

/** The long tests of a package. Under the name that is given them unless told otherwise, `pnpm run test:suite` runs them. */
export const systemProject = (directory: string, name: `system:${string}` = `system:suite-${basename(directory)}`) =>
  defineProject({ ssr: { resolve: { conditions } }, test: { name, root: directory, include: [long], isolate, testTimeout } });

/** The quick tests of all packages as one project: what they import is transformed and loaded once for all of them. */
export const unitTests = (root: string) =>
  defineConfig({
    root,
    ssr: { resolve: { conditions } },
    test: { include: ['{packages,apps,tooling}/*/src/**/*.test.ts'], exclude: [`*/*/${long}`], isolate, maxWorkers, testTimeout },
  });
