// Which variables a rule speaks of: globs over paths.
import { ConfigError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';

/**
 * Whether a path matches a glob: `*` stands for anything within a segment, `**` for any number of segments.
 * `matchPath('**\/kernel', 'block1/dense2/kernel')` is true.
 */
export function matchPath(glob: string, path: string): boolean {
  if (typeof glob !== 'string' || glob === '')
    throw new ConfigError(`${valueText(glob)} is no glob over paths; \`**\` matches every path.`);
  // Every segment with the slash behind it, so that `**` may stand for none.
  const pattern = glob.split('/').map((segment) => (segment === '**' ? '([^/]*/)*' : `${segmentPattern(segment)}/`));
  return new RegExp(`^${pattern.join('')}$`).test(`${path}/`);
}

function segmentPattern(segment: string): string {
  return segment.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '[^/]*');
}
