// The next turn of an event loop, for backends and training that compute on the thread of timers, signals and rendering.

/** Resolves when other tasks of this thread have had their turn. A message comes at once, where browsers make timers wait for 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
