import { LocalRunError } from './errors.ts';

/** What can keep the local run busy. */
export type ActivityKind = 'http' | 'lambda' | 'stream' | 'delivery' | 'execution';

const labels: Record<ActivityKind, string> = {
  http: 'HTTP requests',
  lambda: 'Lambda calls',
  stream: 'unread stream records',
  delivery: 'event deliveries',
  execution: 'workflow executions',
};

/**
 * Counts everything in flight. Each piece enters before the piece that caused it leaves (a write marks the stream
 * before its answer goes out, an event is taken into the inbox before PutEvents answers), so a count of nought means
 * that nothing is running and nothing is about to.
 */
export class Activity {
  readonly #counts = new Map<ActivityKind, number>();
  #total = 0;
  #waiters: (() => void)[] = [];

  /** Something starts; call what is returned once, when it has ended. */
  enter(kind: ActivityKind): () => void {
    this.#add(kind, 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#add(kind, -1);
    };
  }

  /** What is in flight now, for people: `2 Lambda calls, 1 event deliveries`; empty when idle. */
  describe(): string {
    return [...this.#counts]
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${count} ${labels[kind]}`)
      .join(', ');
  }

  /**
   * Resolves once nothing is in flight.
   * @param timeoutMs real milliseconds to wait at most
   * @throws LocalRunError naming what is still busy
   */
  async idle(timeoutMs = 600_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.#total > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiters.push(resolve);
      const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()));
      await promise;
      clearTimeout(timer);
      if (this.#total > 0 && Date.now() >= deadline) {
        throw new LocalRunError(`Still busy after ${Math.round(timeoutMs / 1000)} s: ${this.describe()}`);
      }
    }
  }

  #add(kind: ActivityKind, step: 1 | -1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + step);
    this.#total += step;
    if (this.#total > 0) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
