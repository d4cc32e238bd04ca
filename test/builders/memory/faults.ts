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

type Moment = 'before' | 'after';

/** What a process waits for: a write or a read of the table, or anything at another port, see {@link portOf}. */
type Awaited = 'write' | 'read' | 'call';

/**
 * Faults to come to one process, on demand. A write is one call of `write` or `transact`; an await is any call of the
 * table or of a port that shares these faults.
 */
export class Faults {
  #throttles = 0;
  #conflicts = 0;
  #crash: { left: number; of: readonly Awaited[]; when: Moment } | undefined;
  #dead = false;
  #awaits = 0;

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
    this.#crash = { left: nth, of: ['write'], when: 'before' };
  }

  /** The process dies once its `nth` write is stored, before it hears so. */
  crashAfter(nth: number): void {
    this.#crash = { left: nth, of: ['write'], when: 'after' };
  }

  /** The process dies at its `nth` await (1: the next one): before it has an effect, or after that with its answer lost. */
  crashAtAwait(nth: number, when: Moment): void {
    this.#crash = { left: nth, of: ['write', 'read', 'call'], when };
  }

  /** How often the process has waited for something so far: what `crashAtAwait` counts. */
  get awaits(): number {
    return this.#awaits;
  }

  /** Whether it died: what it seems to answer after that, nobody hears. */
  get isDead(): boolean {
    return this.#dead;
  }

  /** No more faults; a dead process lives again. */
  clear(): void {
    this.#throttles = 0;
    this.#conflicts = 0;
    this.#crash = undefined;
    this.#dead = false;
  }

  /** A read of the table. */
  reading<T>(read: () => T): T {
    this.#refuseDead();
    this.#throttleOnce();
    const diesAfter = this.#before('read');
    const found = read();
    if (diesAfter) this.#die('after a read');
    return found;
  }

  /** A write of the table. */
  writing(write: () => void): void {
    this.#refuseDead();
    this.#throttleOnce();
    if (this.#conflicts > 0) {
      this.#conflicts--;
      throw new TransactionConflict();
    }
    const diesAfter = this.#before('write');
    write();
    if (diesAfter) this.#die('after a write');
  }

  /** A call of another port. */
  async calling<T>(call: () => T | Promise<T>): Promise<T> {
    this.#refuseDead();
    const diesAfter = this.#before('call');
    const answer = await call();
    if (diesAfter) this.#die('after a call');
    // What else the process was doing may have killed it while this was under way.
    this.#refuseDead();
    return answer;
  }

  /** Counts an await. @returns whether the process dies once it has had its effect */
  #before(awaited: Awaited): boolean {
    this.#awaits++;
    if (!this.#crash?.of.includes(awaited)) return false;
    this.#crash.left--;
    if (this.#crash.left > 0) return false;
    if (this.#crash.when === 'before') this.#die(`before a ${awaited}`);
    this.#crash = undefined;
    return true;
  }

  #refuseDead(): void {
    if (this.#dead) throw new Crash('earlier');
  }

  #throttleOnce(): void {
    if (this.#throttles === 0) return;
    this.#throttles--;
    throw new Throttled();
  }

  #die(moment: string): never {
    this.#crash = undefined;
    this.#dead = true;
    throw new Crash(moment);
  }
}

/**
 * `port` as the process sees it whose `faults` these are: every call of one of `methods` is an await, and so is every piece
 * of a stream in its answer.
 */
export function portOf<T extends object>(port: T, faults: Faults, methods: readonly (keyof T)[]): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (!methods.some((method) => method === name)) return member.bind(target);
      return async (...given: unknown[]) => {
        const answer: unknown = await faults.calling(() => Reflect.apply(member, target, given));
        return withAwaits(answer, faults);
      };
    },
  });
}

function withAwaits(answer: unknown, faults: Faults): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const streams = Object.entries(answer).flatMap(([name, value]) =>
    isStream(value) ? [[name, streamed(value, faults)]] : [],
  );
  return streams.length > 0 ? { ...answer, ...Object.fromEntries(streams) } : answer;
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

async function* streamed(pieces: AsyncIterable<unknown>, faults: Faults): AsyncGenerator {
  for await (const piece of pieces) yield await faults.calling(() => piece);
}
