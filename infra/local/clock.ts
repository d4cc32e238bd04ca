import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { LocalRunError, messageOf } from './errors.ts';
import type { State } from './state.ts';

/** Something that wakes at business moments: the schedules, the waiting workflows. Moments are epoch milliseconds. */
export type Alarm = {
  /** The earliest moment at which something is due, or undefined. */
  next(): number | undefined;
  /** Does what is due at the moment `next()` named; resolves when it has been handed over. */
  fire(): Promise<void>;
};

const stored = z.object({ offsetMs: z.number(), lastMs: z.number() });

/**
 * The business clock. It ticks with real time, can be moved forward, never goes back, and survives a restart. Moving it
 * stops at every alarm on the way, in order, so 75 days in a minute are 75 days of schedules, each at its own hour.
 */
export class BusinessClock {
  readonly #state: State;
  readonly #report: (line: string) => void;
  readonly #alarms: Alarm[] = [];
  #offsetMs: number;
  #lastMs: number;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stopped = false;

  /**
   * @param start epoch milliseconds to begin at; counts only when the data directory is new
   * @param report told when an alarm fails while the clock ticks
   */
  constructor(state: State, start: number | undefined, report: (line: string) => void) {
    this.#state = state;
    this.#report = report;
    const kept = state.get('clock', stored);
    this.#offsetMs = kept?.offsetMs ?? (start === undefined ? 0 : start - Date.now());
    this.#lastMs = kept?.lastMs ?? 0;
    this.now();
    this.save();
  }

  /** Epoch milliseconds of business time. */
  now(): number {
    const now = Date.now() + this.#offsetMs;
    if (now < this.#lastMs) {
      this.#offsetMs += this.#lastMs - now;
      return this.#lastMs;
    }
    this.#lastMs = now;
    return now;
  }

  /** Business time as an ISO 8601 instant with milliseconds. */
  nowIso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Makes the clock stop (or ring) at the moments of this alarm. */
  addAlarm(alarm: Alarm): void {
    this.#alarms.push(alarm);
    this.rearm();
  }

  /** Call when an alarm's next moment has changed. */
  rearm(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const due = this.#nextDue();
    if (due === undefined) return;
    const wait = Math.min(Math.max(due.at - this.now(), 0), 3_600_000);
    this.#timer = setTimeout(() => {
      this.#inTurn(() => this.#ring(this.now())).catch((error: unknown) =>
        this.#report(`The clock stumbled: ${messageOf(error)}`),
      );
    }, wait);
    this.#timer.unref();
  }

  /**
   * Moves forward by an ISO 8601 duration (`P30D`, `PT12H`; calendar parts count in UTC), firing what falls due on the way.
   * @param settle waits until all is idle; called after every occurrence
   * @throws LocalRunError when the duration can't be read
   */
  async advance(duration: string, settle: () => Promise<void>): Promise<void> {
    let span: Temporal.Duration;
    try {
      span = Temporal.Duration.from(duration);
    } catch {
      throw new LocalRunError(`"${duration}" is not an ISO 8601 duration such as P30D or PT12H`);
    }
    await this.#inTurn(async () => {
      const from = Temporal.Instant.fromEpochMilliseconds(Math.trunc(this.now())).toZonedDateTimeISO('UTC');
      await this.#moveTo(from.add(span).epochMilliseconds, settle);
    });
  }

  /**
   * Moves forward to an ISO 8601 instant, firing what falls due on the way. One that has passed leaves the clock as it
   * is: it ticks, so "until noon" must hold a second after noon too.
   * @throws LocalRunError when the instant can't be read
   */
  async advanceTo(instant: string, settle: () => Promise<void>): Promise<void> {
    const target = Date.parse(instant);
    if (Number.isNaN(target))
      throw new LocalRunError(`"${instant}" is not an ISO 8601 instant such as 2026-03-01T08:00:00Z`);
    await this.#inTurn(() => this.#moveTo(target, settle));
  }

  /** Writes the clock down, so that a restart goes on from here. */
  save(): void {
    this.#state.set('clock', { offsetMs: this.#offsetMs, lastMs: this.#lastMs });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.now();
    this.save();
  }

  async #moveTo(target: number, settle: () => Promise<void>): Promise<void> {
    await settle();
    for (let due = this.#nextDue(); due !== undefined && due.at <= target; due = this.#nextDue()) {
      this.#jump(due.at);
      await due.alarm.fire();
      await settle();
    }
    this.#jump(target);
    this.rearm();
  }

  /** Rings what the ticking clock has passed. */
  async #ring(until: number): Promise<void> {
    for (let due = this.#nextDue(); due !== undefined && due.at <= until; due = this.#nextDue()) {
      await due.alarm.fire();
    }
    this.save();
    this.rearm();
  }

  #jump(to: number): void {
    const ahead = to - this.now();
    if (ahead > 0) this.#offsetMs += ahead;
    this.now();
    this.save();
  }

  #nextDue(): { at: number; alarm: Alarm } | undefined {
    let earliest: { at: number; alarm: Alarm } | undefined;
    for (const alarm of this.#alarms) {
      const at = alarm.next();
      if (at !== undefined && (earliest === undefined || at < earliest.at)) earliest = { at, alarm };
    }
    return earliest;
  }

  /** One move at a time: a second waits for the first. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

/** Where a business clock is to begin. @throws LocalRunError for what is no instant */
export function epochOf(clockStart: string | undefined): number | undefined {
  if (clockStart === undefined) return undefined;
  const start = Date.parse(clockStart);
  if (Number.isNaN(start))
    throw new LocalRunError(`"${clockStart}" is not an ISO 8601 instant such as 2026-03-01T08:00:00Z`);
  return start;
}
