// What TypeScript sees of the packages of TensorFlow.js and of Dawn, by `imports` in package.json: they are optional, so this package
// compiles without their declarations. What it uses of them is in contract.ts.
export declare const untyped: unknown;
