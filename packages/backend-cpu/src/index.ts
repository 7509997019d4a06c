// Runs nn programs on the CPU, in Node and in browsers.
export {};
