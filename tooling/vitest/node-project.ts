// The vitest settings of every package whose tests run in Node, on sources.
import { basename } from 'node:path';
import { defineProject } from 'vitest/config';

const conditions = ['@nn/source', 'module', 'node', 'development|production'];

/**
 * The vitest project of the package in `directory`, under the name of that folder unless another is given. Names that begin with
 * `system:` are of tests that need builds or a browser; the unit tests leave them out.
 */
export const nodeProject = (directory: string, name = basename(directory)) =>
  defineProject({
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: ['src/**/*.test.ts'],
      root: directory,
      // Importing has no side effects here, so test files can share their modules; that halves the time of all tests.
      isolate: false,
    },
  });
