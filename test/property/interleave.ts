/** A random number generator that gives the same numbers for the same seed (mulberry32): 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Runs processes side by side, one request to the table at a time, in an order that `random` decides.
 * @param processes each is given the turn that its table client must wait for
 */
export async function interleave(
  processes: readonly ((turn: () => Promise<void>) => Promise<void>)[],
  random: () => number,
): Promise<void> {
  const waiting: (() => void)[] = [];
  const turn = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  const running = new Set(processes);
  const done = Promise.all(processes.map((process) => process(turn).finally(() => running.delete(process))));
  // A failed process must not leave the others waiting for ever; its error comes out at the end.
  done.catch(() => {});
  while (running.size > 0) {
    // Whatever can go on without the table has done so after this.
    await new Promise((resolve) => setImmediate(resolve));
    waiting.splice(Math.floor(random() * waiting.length), 1)[0]?.();
  }
  await done;
}
