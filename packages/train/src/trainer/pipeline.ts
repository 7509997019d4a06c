// Keeping the device busy: the next run is handed over before the results of the last one are looked at.

/** Runs that may be on their way while the next one is prepared. */
const ahead = 1;

/**
 * Starts `start` for every item and settles the results in order, always one behind, so that at most two are under way.
 * Ends early when `stop` says so; then too everything that was started is settled.
 */
export async function pipeline<Item, Started>(
  items: Iterable<Item> | AsyncIterable<Item>,
  steps: {
    readonly start: (item: Item) => Promise<Started>;
    readonly settle: (started: Started) => Promise<void>;
    readonly stop: () => boolean;
  },
): Promise<void> {
  const pending: Started[] = [];
  for await (const item of items) {
    if (steps.stop()) break;
    pending.push(await steps.start(item));
    if (pending.length > ahead) await steps.settle(pending.shift()!);
  }
  for (const started of pending) await steps.settle(started);
}
