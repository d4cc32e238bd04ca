import * as z from 'zod';
import { addDays } from '../kernel/calendar.ts';
import { CalendarDate, dateIn, Instant, instant } from '../kernel/time.ts';
import { StoredChart } from './chart.ts';

/** The number of a journal, e.g. `JRN-000001`. They have no gaps. */
export const JournalNumber = z
  .string()
  .regex(/^JRN-\d{6}$/, 'must be a number such as JRN-000001')
  .brand('JournalNumber');
export type JournalNumber = z.infer<typeof JournalNumber>;

/**
 * What was handed to the ERP in one go: all entries of its days, `from` and `to` included, under the chart of then. The
 * days were over when it was taken, so it never changes.
 */
export const Journal = z.strictObject({
  number: JournalNumber,
  ordinal: z.int().min(1),
  from: CalendarDate,
  to: CalendarDate,
  entries: z.int().min(1),
  takenAt: Instant,
  takenBy: z.string(),
  /** As it was then: a role added since is missing, and no entry of these days posts to it. */
  chart: StoredChart,
  chartVersion: z.string(),
});
export type Journal = z.infer<typeof Journal>;

export function journalNumber(ordinal: number): JournalNumber {
  return JournalNumber.parse(`JRN-${String(ordinal).padStart(6, '0')}`);
}

/** The place of a journal in the sequence. */
export function ordinalOf(number: JournalNumber): number {
  return Number(number.slice('JRN-'.length));
}

/** What was under way at midnight is in the books by then. */
const HOUR = 3_600_000;

/** The last day a journal taken at `at` may hold: yesterday, and in the first hour of a day the one before. */
export function lastDayFor(timeZone: string, at: Instant): CalendarDate {
  return addDays(dateIn(timeZone, instant(Date.parse(at) - HOUR)), -1);
}
