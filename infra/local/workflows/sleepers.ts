import type { Alarm, BusinessClock } from '../clock.ts';

type Sleeper = { until: number; wake: () => void };

/** Workflows in a Wait state: they wake when the business clock passes their moment. */
export class Sleepers implements Alarm {
  readonly #clock: BusinessClock;
  #sleepers: Sleeper[] = [];

  constructor(clock: BusinessClock) {
    this.#clock = clock;
    clock.addAlarm(this);
  }

  /** Resolves at the moment, in epoch milliseconds of business time. */
  sleepUntil(until: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sleepers.push({ until, wake: resolve });
    this.#clock.rearm();
    return promise;
  }

  next(): number | undefined {
    return this.#sleepers.length === 0
      ? undefined
      : Math.min(...this.#sleepers.map((sleeper) => sleeper.until));
  }

  async fire(): Promise<void> {
    const due = this.next() ?? 0;
    const awake = this.#sleepers.filter((sleeper) => sleeper.until <= due);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.until > due);
    for (const sleeper of awake) sleeper.wake();
    // Let the woken count as busy before anyone looks.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
