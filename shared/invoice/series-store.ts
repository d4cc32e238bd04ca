import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { logLine } from '../http/log-line.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { documentNumber, type NumberedType, type Series, seriesOf } from './number-series.ts';
import { seriesPolicy } from './series-policy.ts';

/** A number and the write that takes it; both go into the transaction of the document it numbers. */
export type Numbered = {
  /** What the document bears of it. */
  readonly identity: { readonly number: string; readonly series: string; readonly ordinal: number };
  readonly take: Action;
};

/** A series and the ordinal its next document gets, as last read. */
export type NextNumber = { readonly series: Series; readonly ordinal: number };

const Counter = z.looseObject({ next: z.int().min(1) });

// Full jitter of 100 ms × 2^n, each pause at most 2 s: twelve tries last 17 s at most and 8.5 s on average. The
// pauses are wide because a lost race bills the whole transaction and nobody waits for an invoice: with forty at once
// 20 ms would take 4.0 tries an invoice, 100 ms takes 2.7.
const ATTEMPTS = 12;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2000;

/** Another document took the number first. */
class NumberTaken extends Error {
  readonly series: string;

  constructor(series: string, ordinal: number) {
    super(`number ${ordinal} of ${series} is taken`);
    this.series = series;
  }
}

/** The policy this process saw last: it names the counter to read while the policy itself is being read. */
let lastSeen = seriesPolicy.shipped;

/**
 * The series that a document of `type` issued on `date` is numbered in, and its next ordinal, read consistently: 1 in
 * a new series. Policy and counter are read side by side; one more read follows where the policy has just changed.
 */
export async function nextNumber(table: Table, type: NumberedType, date: CalendarDate): Promise<NextNumber> {
  const guess = seriesOf(lastSeen, type, date);
  const [{ policy }, guessed] = await Promise.all([
    policyInForce(table, seriesPolicy, date),
    nextOrdinal(table, guess),
  ]);
  lastSeen = policy;
  const series = seriesOf(policy, type, date);
  return { series, ordinal: series.name === guess.name ? guessed : await nextOrdinal(table, series) };
}

/**
 * Runs `write` with the next number of the series until no other document took that number first. The counter moves
 * in the document's own transaction, so that a number is used exactly when a document bears it. Says in the log how
 * many tries it took, where it took more than one. For two numbers in one transaction, nest it.
 * @param next what {@link nextNumber} answered; the ordinal is read again after each lost race
 * @throws DomainError `table_busy` after twelve lost races
 */
export async function withNumber<T>(
  table: Table,
  { series, ordinal }: NextNumber,
  write: (numbered: Numbered) => Promise<T>,
): Promise<T> {
  let wanted = ordinal;
  for (let attempt = 1; ; attempt++) {
    try {
      const identity = { number: documentNumber(series, wanted), series: series.name, ordinal: wanted };
      const written = await write({ identity, take: takeOrdinal(series, wanted) });
      if (attempt > 1) logLine('INFO', 'number contended', { number: identity.number, tries: attempt });
      return written;
    } catch (error) {
      if (!(error instanceof NumberTaken && error.series === series.name)) throw error;
      if (attempt === ATTEMPTS) {
        logLine('WARN', 'number contended', { series: series.name, tries: attempt, gaveUp: true });
        throw new DomainError('table_busy', 'Many documents are being numbered. Try again in a moment.', {
          cause: error,
        });
      }
      await pause(Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt));
      wanted = await nextOrdinal(table, series);
    }
  }
}

async function nextOrdinal(table: Table, series: Series): Promise<number> {
  const item = await table.get(keys.series(series.name), { consistent: true });
  return item ? Counter.parse(item).next : 1;
}

function takeOrdinal({ name }: Series, ordinal: number): Action {
  return {
    do: 'update',
    key: keys.series(name),
    set: { next: ordinal + 1 },
    when: [
      ordinal === 1 ? { attribute: 'PK', is: 'absent' } : { attribute: 'next', is: 'equal', value: ordinal },
    ],
    refusal: () => new NumberTaken(name, ordinal),
  };
}
