// On a page, work in JavaScript lets the page have its turn.

/** How long a page may be kept waiting, in milliseconds: less than a frame. */
const patience = 12;

/** Asked between kernels; undefined where there is no page to keep waiting. */
export function pageTurns(): (() => Promise<void> | undefined) | undefined {
  if (typeof document === 'undefined') return undefined;
  let since = performance.now();
  return () => {
    if (performance.now() - since < patience) return undefined;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      // Unlike a timer, a message does not wait four milliseconds.
      port1.addEventListener('message', () => {
        port1.close();
        since = performance.now();
        resolve();
      });
      port1.start();
      port2.postMessage(undefined);
    });
  };
}
