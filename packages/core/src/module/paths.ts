// Which variables a rule speaks of: globs over paths.
import { ConfigError } from '../errors/errors.ts';

/**
 * Whether a path matches a glob: `*` stands for anything within a segment, `**` for any number of segments.
 * `matchPath('**\/kernel', 'block1/dense2/kernel')` is true.
 */
export function matchPath(glob: string, path: string): boolean {
  if (glob === '') throw new ConfigError('An empty glob matches nothing; `**` matches every path.');
  return matchSegments(glob.split('/'), path.split('/'));
}

function matchSegments(globs: readonly string[], segments: readonly string[]): boolean {
  const [glob, ...restGlobs] = globs;
  if (glob === undefined) return segments.length === 0;
  if (glob === '**') {
    return matchSegments(restGlobs, segments) || (segments.length > 0 && matchSegments(globs, segments.slice(1)));
  }
  const [segment, ...rest] = segments;
  return segment !== undefined && matchSegment(glob, segment) && matchSegments(restGlobs, rest);
}

function matchSegment(glob: string, segment: string): boolean {
  const pattern = glob
    .split('*')
    .map((literal) => literal.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(segment);
}
