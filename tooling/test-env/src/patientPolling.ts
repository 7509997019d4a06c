// Dawn asks for what a device has finished with `setImmediate`, over and over while something is awaited. Beside a renderer in software,
// which computes on the same cores, that takes more time than it finds; a timer asks often enough.

/** How often Dawn may ask, in milliseconds: the shortest time that Node's timers know. */
const pause = 1;

/** From now on functions without a name from native modules, which Dawn's are, wait for a timer when they are given to `setImmediate`. */
export function pausePolling(): void {
  const { setImmediate } = globalThis;
  const patient = (callback: (...values: unknown[]) => void, ...values: unknown[]): unknown =>
    isNative(callback) ? setTimeout(callback, pause, ...values) : setImmediate(callback, ...values);
  // Node's own properties, such as the form that gives a promise, stay.
  Object.defineProperties(patient, Object.getOwnPropertyDescriptors(setImmediate));
  Object.assign(globalThis, { setImmediate: patient });
}

function isNative(callback: unknown): boolean {
  return (
    typeof callback === 'function' && callback.name === '' && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(callback))
  );
}
