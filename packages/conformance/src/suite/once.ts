// What the reference says is worked out once for all backends that a list of cases is run on.

/** `make`, called when it is needed for the first time. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
