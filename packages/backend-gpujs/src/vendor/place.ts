// The globals of the place this runs in that not every place has.

interface Place {
  /** On the main thread of a page. */
  readonly document?: object;
  readonly navigator?: { readonly gpu?: GPU; readonly hardwareConcurrency?: number };
  readonly process?: {
    readonly versions?: { readonly node?: string };
    getBuiltinModule?(name: 'node:os'): { cpus(): readonly unknown[] };
  };
}

export const place: Place = globalThis;
