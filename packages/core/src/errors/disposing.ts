// The end of what holds memory on a device, after which use is a DisposedError: by hand, or at the end of a block, `await using network = …`.
/// <reference lib="esnext.disposable" preserve="true" />

/** In engines without the symbol that which bundlers put in its place, so that blocks they have translated find it. */
const asyncDispose: typeof Symbol.asyncDispose =
  (Symbol as { readonly asyncDispose?: typeof Symbol.asyncDispose }).asyncDispose ??
  (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);

/** What a block with `await using` disposes when it ends. */
export abstract class Disposing implements AsyncDisposable {
  /** Frees what it holds. Safe to call twice. */
  abstract dispose(): Promise<void>;

  [asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
