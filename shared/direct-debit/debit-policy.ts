import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

const days = z.int().min(0).max(60);

const CutOff = z.strictObject({
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day as HH:MM'),
  /** Where the bank's clock is. */
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
});

/**
 * How customers' accounts are debited. The EPC's rule books want the customer told 14 calendar days before (`noticeDays`)
 * unless less was agreed; `leadDays` is how many bank days before the day of the debit the bank wants the file, by scheme.
 * A file handed in from `cutOff` on counts as of the next bank day.
 */
export const DebitPolicy = z.strictObject({
  /** The message that the bank takes; most have moved to .08. */
  message: z.enum(['pain.008.001.02', 'pain.008.001.08']).default('pain.008.001.08'),
  /** Whether the bank books what it collected as one sum for each payment information, or each debit on its own. */
  batchBooking: z.boolean().default(true),
  noticeDays: days.default(14),
  leadDays: z
    .strictObject({ CORE: days.default(2), B2B: days.default(2), CCD: days.default(1), PPD: days.default(2) })
    .prefault({}),
  cutOff: z
    .strictObject({
      sepa: CutOff.default({ time: '12:00', timeZone: 'Europe/Berlin' }),
      nacha: CutOff.default({ time: '17:00', timeZone: 'America/New_York' }),
    })
    .prefault({}),
});
export type DebitPolicy = z.infer<typeof DebitPolicy>;

export const debitPolicy: PolicyDefinition<DebitPolicy> = {
  name: 'debit',
  schema: DebitPolicy,
  shipped: DebitPolicy.parse({}),
};

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
