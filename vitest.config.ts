// The tests of all packages, a project for the quick ones of each and one for its long ones. Each package's own configuration is the same
// factory, so `vitest` works inside a package too. vitest.unit.config.ts has the quick ones at once.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'tooling/*/vitest.config.ts', '{packages,apps,tooling}/*/vitest.config.system.ts'],
  },
});
