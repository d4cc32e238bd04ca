import * as z from 'zod';

const days = z.int().min(0).max(60);

/**
 * How customers' accounts are debited. The EPC's rule books want the customer told 14 days before (`noticeDays`) unless
 * less was agreed; `leadDays` is how long before the day of the debit the bank wants the file, by scheme. Calendar days.
 */
export const DebitPolicy = z.strictObject({
  /** The message that the bank takes; most have moved to .08. */
  message: z.enum(['pain.008.001.02', 'pain.008.001.08']).default('pain.008.001.08'),
  noticeDays: days.default(14),
  leadDays: z
    .strictObject({ CORE: days.default(2), B2B: days.default(2), CCD: days.default(1), PPD: days.default(2) })
    .prefault({}),
});
export type DebitPolicy = z.infer<typeof DebitPolicy>;
