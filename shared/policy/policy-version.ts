import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { CalendarDate } from '../kernel/time.ts';

/** A version of a policy: the day it takes effect and its number among that day's, e.g. `2026-04-01.02`. Sorts as text. */
export const PolicyVersion = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}\.\d{2}$/)
  .brand('PolicyVersion');
export type PolicyVersion = z.infer<typeof PolicyVersion>;

const MOST_A_DAY = 99;

/** Sorts after every version of `date`. */
export const lastOfDay = (date: CalendarDate) => `${date}~`;

/** The day a version takes effect. */
export const effectiveFrom = (version: string) => CalendarDate.parse(version.slice(0, 10));

/**
 * The version after `newest`, which is the last one of `date` so far.
 * @throws DomainError `policy_invalid` after 99 versions of one day
 */
export function nextVersion(date: CalendarDate, newest: string | undefined): PolicyVersion {
  const number = newest === undefined ? 1 : Number(newest.slice(-2)) + 1;
  if (number > MOST_A_DAY) {
    throw new DomainError(
      'policy_invalid',
      `There are ${MOST_A_DAY} versions of ${date} already. Choose another day.`,
    );
  }
  return PolicyVersion.parse(`${date}.${String(number).padStart(2, '0')}`);
}
