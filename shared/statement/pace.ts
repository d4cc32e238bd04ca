import { type Instant, instant } from '../kernel/time.ts';

/**
 * Statements that set out in a second. An account new in production mails 14 a second (SES): invoices and reminders need
 * their share while thousands of statements go out.
 */
const PER_SECOND = 5;

/** When the statement at `place` (0, 1, 2 …) of a run that began at `at` sets out. */
export function notBefore(at: Instant, place: number): Instant {
  return instant(Date.parse(at) + Math.floor(place / PER_SECOND) * 1_000);
}
