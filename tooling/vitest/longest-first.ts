// The order of long tests. Two processes share them, so one that takes long and starts last leaves the other process with nothing to do.
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** Names of the files that take longest, from a minute and more down to a quarter of a minute. */
const longest: readonly string[] = ['webgpu', 'browser', 'conformance', 'install-alone', 'training', 'docs'];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.system.test.ts`));
  return place === -1 ? longest.length : place;
};

/** Files that take long come first, and among others those that did the last time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it sorts files, and is no array's
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
