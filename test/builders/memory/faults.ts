import { TransactionConflict } from '#shared/table/table.ts';

/** The process is gone: whoever called the table never hears of it again. */
export class Crash extends Error {
  constructor(moment: string) {
    super(`the process died ${moment}`);
    this.name = 'Crash';
  }
}

/** DynamoDB had no capacity, and the SDK's own retries are used up. */
class Throttled extends Error {
  constructor() {
    super('The level of configured provisioned throughput for the table was exceeded.');
    this.name = 'ProvisionedThroughputExceededException';
  }
}

/** Faults to come, on demand. A write is one call of `write` or `transact`. */
export class Faults {
  #throttles = 0;
  #conflicts = 0;
  #crash: { writesLeft: number; when: 'before' | 'after' } | undefined;
  #crashed = false;

  /** The next `calls` calls of any kind are throttled. */
  throttle(calls: number): void {
    this.#throttles = calls;
  }

  /** The next `writes` writes meet a transaction at work on the same items. */
  conflict(writes: number): void {
    this.#conflicts = writes;
  }

  /** The process dies as it is about to make its `nth` write (1: the next one); nothing of it is stored. */
  crashBefore(nth: number): void {
    this.#crash = { writesLeft: nth, when: 'before' };
  }

  /** The process dies once its `nth` write is stored, before it hears so. */
  crashAfter(nth: number): void {
    this.#crash = { writesLeft: nth, when: 'after' };
  }

  /** No more faults; a dead process lives again. */
  clear(): void {
    this.#throttles = 0;
    this.#conflicts = 0;
    this.#crash = undefined;
    this.#crashed = false;
  }

  /** Called before anything is read. */
  beforeRead(): void {
    this.#refuseDead();
    this.#throttleOnce();
  }

  /** Called before anything is stored. */
  beforeWrite(): void {
    this.#refuseDead();
    this.#throttleOnce();
    if (this.#conflicts > 0) {
      this.#conflicts--;
      throw new TransactionConflict();
    }
    if (!this.#crash) return;
    this.#crash.writesLeft--;
    if (this.#crash.writesLeft === 0 && this.#crash.when === 'before') this.#die('before a write');
  }

  /** Called once a write is stored. */
  afterWrite(): void {
    if (this.#crash?.writesLeft === 0) this.#die('after a write');
  }

  #refuseDead(): void {
    if (this.#crashed) throw new Crash('earlier');
  }

  #throttleOnce(): void {
    if (this.#throttles === 0) return;
    this.#throttles--;
    throw new Throttled();
  }

  #die(moment: string): never {
    this.#crash = undefined;
    this.#crashed = true;
    throw new Crash(moment);
  }
}
