// On a page, work in JavaScript lets the page have its turn.
import { nextTask } from '@nn/core';

/** How long a page may be kept waiting, in milliseconds: less than a frame. */
const patience = 12;

/** Asked between kernels; undefined where there is no page to keep waiting. */
export function pageTurns(): (() => Promise<void> | undefined) | undefined {
  if (typeof document === 'undefined') return undefined;
  let since = performance.now();
  const turn = async () => {
    await nextTask();
    since = performance.now();
  };
  return () => (performance.now() - since < patience ? undefined : turn());
}
