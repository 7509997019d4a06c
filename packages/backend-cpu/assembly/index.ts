// Everything the WebAssembly module exports: the runtime, and the kernels by family.
//
// To add a kernel, write it in a family's file and export that file here; the build finds it and lists its name in the type
// `KernelExport` of src/generated/kernels.ts. A kernel is `export function name(args: usize, thread: i32, threads: i32): void`.
// - `args` points to a block of 32-bit words (pointers, extents, flags, bits of f32 values). Its layout stands above the kernel;
//   the one function that writes it stands in src/wasm/kernels/.
// - The kernel does the share of `thread` out of `threads`. Split outputs, never the order of a sum: results must not depend on
//   `threads`. `rangeStart(count, grain, thread, threads)` in work.ts gives each thread its part.
// - Phases that need each other's results are kernels of their own: all threads meet between the commands of a program.
// - Constant tables are `memory.data(...)`; no classes, strings, arrays or function references (nothing is allocated here, and the
//   table of functions belongs to the loader). `scratch(thread)` is working memory for one kernel call.
// - `isDefined(RELAXED)` tells at compile time whether relaxed SIMD is there.
export * from './runtime';
export * from './memory';
export * from './product/product';
export * from './product/productVector';
export * from './convolution/convolutionChannels';
export { winogradKernel } from './convolution/winogradKernel';
export * from './convolution/winograd';
export * from './movement';
export * from './random';
export * from './reduce';
export * from './softmax';
export * from './normalization/normalizeAny';
export * from './normalization/normalizeAnyGradient';
export * from './normalization/normalizeColumns';
export * from './normalization/normalizeColumnsGradient';
export * from './normalization/normalizeRows';
export * from './normalization/normalizeRowsGradient';
export * from './convolution/pooling';
