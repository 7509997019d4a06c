// Turns for the page: a run on the thread that draws and listens is interrupted before anybody notices.

/** Milliseconds of computing after which the page has its turn; a frame takes 16. */
const longestTurn = 8;

/** True on the thread of a page: not in Node, not in a worker. */
export function isPage(): boolean {
  return typeof document !== 'undefined';
}

/** Something to ask between kernels: a promise when the page has waited long enough, else undefined. */
export function pauses(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < longestTurn) return undefined;
    return nextTask().finally(() => {
      since = performance.now();
    });
  };
}

/** Resolves after the tasks that wait now. A message, because nested timers are delayed by milliseconds. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
