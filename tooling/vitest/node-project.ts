// The vitest settings of every package whose tests run in Node, on sources. Quick tests are called `*.test.ts`, those that take seconds or
// need builds or a browser `*.system.test.ts`, and those of them that run beside nothing `*.alone.system.test.ts`.
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { defineConfig, defineProject } from 'vitest/config';
import type { ProjectConfig } from 'vitest/node';
import { LongestFirst } from './longest-first.ts';

const conditions = ['@nn/source', 'module', 'node', 'development|production'];

/** Importing has no side effects here, so test files can share their modules; that halves the time of all tests. */
const isolate = false;

/** Vitest would leave a core to itself, which on two cores is half of them. With more than there are cores, devices in software take longer. */
const maxWorkers = availableParallelism();

/** A busy machine is slow, not wrong. */
const testTimeout = 30_000;

const quick = '{src,scripts}/**/*.test.ts';
const long = 'src/**/*.system.test.ts';

/** The quick tests of the package in `directory`, under the name of that folder unless another is given. */
export const nodeProject = (directory: string, name = basename(directory)) =>
  defineProject({
    ssr: { resolve: { conditions } },
    test: { name, root: directory, include: [quick], exclude: [long], isolate, testTimeout },
  });

/** The long tests of a package. */
export const systemProject = (directory: string, name: `system:${string}` = `system:suite-${basename(directory)}`) =>
  defineProject({ ssr: { resolve: { conditions } }, test: { name, root: directory, include: [long], isolate, testTimeout } });

const everyPackage = '{packages,apps,tooling}/*';

/** The quick tests of all packages as one project: what they import is transformed and loaded once for all of them. */
export const unitTests = (root: string) =>
  defineConfig({
    root,
    ssr: { resolve: { conditions } },
    test: { include: [`${everyPackage}/${quick}`], exclude: [`*/*/${long}`], isolate, testTimeout, maxWorkers },
  });

/**
 * The long tests of all packages. While one file waits for a device, another computes. Those that print how long a device in software takes,
 * `*.alone.system.test.ts`, come first and one after the other: beside others they say more about these.
 */
export const systemTests = (root: string) => {
  const alone = [`${everyPackage}/src/**/*.alone.system.test.ts`];
  return defineConfig({
    test: {
      globalSetup: 'tooling/test-env/src/prepare.ts',
      sequence: { sequencer: LongestFirst },
      projects: [
        groupOfTests(root, { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 0 } }),
        groupOfTests(root, { name: 'side by side', include: [`${everyPackage}/${long}`], exclude: alone, sequence: { groupOrder: 1 } }),
      ],
    },
  });
};

const groupOfTests = (root: string, test: ProjectConfig) =>
  defineProject({ ssr: { resolve: { conditions } }, test: { root, isolate, testTimeout, maxWorkers, ...test } });
