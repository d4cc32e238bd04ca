/**
 * Runs `work` on every item, at most `width` at a time; items of the same `group` one after another, in their order.
 * The first failure ends it.
 */
export async function inTurn<T>(
  items: readonly T[],
  { width, group }: { width: number; group?: (item: T) => string },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queues = new Map<string, T[]>();
  for (const [index, item] of items.entries()) {
    const name = group?.(item) ?? String(index);
    const queue = queues.get(name);
    if (queue) queue.push(item);
    else queues.set(name, [item]);
  }
  const waiting = [...queues.values()].values();
  const runner = async () => {
    for (const queue of waiting) {
      for (const item of queue) await work(item);
    }
  };
  await Promise.all(Array.from({ length: width }, runner));
}
