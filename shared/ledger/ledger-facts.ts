import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { CalendarDate } from '../kernel/time.ts';
import { Month } from './period.ts';

/** What happens to the books; subject of a closed month is `ledger_periods`, of a journal its number. */
export const ledgerFacts = [
  factOf('period.closed', z.strictObject({ month: Month, entries: z.int().min(0) })),
  factOf(
    'journal.taken',
    z.strictObject({ number: z.string(), from: CalendarDate, to: CalendarDate, entries: z.int().min(1) }),
  ),
] as const;
