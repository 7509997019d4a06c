// Reads the imports out of a TypeScript file.
import { parseSync } from 'oxc-parser';

export interface Import {
  readonly specifier: string;
  readonly kind: 'value' | 'type' | 'dynamic';
}

/** Every module that `text` imports, re-exports or loads with `import('literal')`, in no particular order. */
export function importsOf(path: string, text: string): Import[] {
  const { module, errors } = parseSync(path, text);
  const error = errors[0];
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);
  const statics = module.staticImports.map(({ moduleRequest, entries }): Import => {
    const onlyTypes = entries.length > 0 && entries.every((entry) => entry.isType);
    return { specifier: moduleRequest.value, kind: onlyTypes ? 'type' : 'value' };
  });
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }): Import[] =>
      moduleRequest === null ? [] : [{ specifier: moduleRequest.value, kind: isType ? 'type' : 'value' }],
    ),
  );
  const dynamics = module.dynamicImports.flatMap(({ moduleRequest }): Import[] => {
    const literal = /^(['"`])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    return literal?.[2] === undefined ? [] : [{ specifier: literal[2], kind: 'dynamic' }];
  });
  return [...statics, ...exports, ...dynamics];
}
