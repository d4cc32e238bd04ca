import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { documentNumber, type Series, seriesName } from './number-series.ts';

/** A number and the write that takes it; both go into the transaction of the document it numbers. */
export type Numbered = {
  /** What the document bears of it. */
  readonly identity: { readonly number: string; readonly series: string; readonly ordinal: number };
  readonly take: Action;
};

const Counter = z.looseObject({ next: z.int().min(1) });

// Full jitter of 100 ms × 2^n, each pause at most 2 s: twelve tries last 17 s at most and 8.5 s on average. The
// pauses are wide because a lost race bills the whole transaction and nobody waits for an invoice: with forty at once
// 20 ms would take 4.0 tries an invoice, 100 ms takes 2.7.
const ATTEMPTS = 12;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2000;

/** Another document took the number first. */
class NumberTaken extends Error {}

/** The ordinal that the next document of the series gets, read consistently: 1 in a new series. */
export async function nextOrdinal(table: Table, series: Series): Promise<number> {
  const item = await table.get(keys.series(seriesName(series)), { consistent: true });
  return item ? Counter.parse(item).next : 1;
}

/**
 * Runs `write` with the next number of the series until no other document took that number first. The counter moves
 * in the document's own transaction, so that a number is used exactly when a document bears it.
 * @param ordinal what {@link nextOrdinal} answered; read again after each lost race
 * @throws DomainError `table_busy` after twelve lost races
 */
export async function withNumber<T>(
  table: Table,
  series: Series,
  ordinal: number,
  write: (numbered: Numbered) => Promise<T>,
): Promise<T> {
  let wanted = ordinal;
  for (let attempt = 1; ; attempt++) {
    try {
      const identity = {
        number: documentNumber(series, wanted),
        series: seriesName(series),
        ordinal: wanted,
      };
      return await write({ identity, take: takeOrdinal(series, wanted) });
    } catch (error) {
      if (!(error instanceof NumberTaken)) throw error;
      if (attempt === ATTEMPTS) {
        throw new DomainError('table_busy', 'Many documents are being numbered. Try again in a moment.', {
          cause: error,
        });
      }
      await pause(Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt));
      wanted = await nextOrdinal(table, series);
    }
  }
}

function takeOrdinal(series: Series, ordinal: number): Action {
  return {
    do: 'update',
    key: keys.series(seriesName(series)),
    set: { next: ordinal + 1 },
    when: [
      ordinal === 1 ? { attribute: 'PK', is: 'absent' } : { attribute: 'next', is: 'equal', value: ordinal },
    ],
    refusal: () => new NumberTaken(`number ${ordinal} of ${seriesName(series)} is taken`),
  };
}
