// All packages' tests in one run. Each package's own configuration is the same factory, so `vitest` works inside a package too.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', '{packages,tooling}/*/vitest.config.system.ts', 'apps/*', 'tooling/*/vitest.config.ts'],
  },
});
