// What TypeScript sees of Dawn, by `imports` in package.json: it is optional, so this package compiles without its declarations.
export declare const untyped: unknown;
