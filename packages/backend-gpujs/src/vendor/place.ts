// The globals of the place this runs in that not every place has.

interface Place {
  /** On the main thread of a page. */
  readonly document?: object;
  readonly navigator?: { readonly gpu?: GPU; readonly hardwareConcurrency?: number };
  /** Tasks of the event loop that come when they are due: timers of pages take 4 ms. Not every browser has them. */
  readonly scheduler?: { postTask?(task: () => void, options: { readonly delay: number }): Promise<unknown> };
  readonly process?: {
    readonly versions?: { readonly node?: string };
    getBuiltinModule?(name: 'node:os'): { cpus(): readonly unknown[] };
  };
}

export const place: Place = globalThis;
