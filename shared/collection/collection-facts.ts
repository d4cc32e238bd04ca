import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/** `balance`: what of it is overdue, in minor units, the oldest of it since `dueOn`. */
const RemindedInvoice = z.strictObject({
  invoiceId: InvoiceId,
  number: z.string(),
  dueOn: CalendarDate,
  balance: Minor,
});

/** What is done to collect; subject is the customer, slot `reminded-<date>-<step>-<first invoice>`. */
export const collectionFacts = [
  factOf(
    'account.reminded',
    z.strictObject({
      step: z.int().min(1),
      stepName: z.string(),
      currency: Currency,
      invoices: z.array(RemindedInvoice),
    }),
  ),
] as const;
