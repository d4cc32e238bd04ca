import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { DirectDebitId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

const mandate = z.strictObject({ mandateId: z.string(), scheme: z.string() });

/** What happens to mandates (subject is the customer) and to direct debit runs (subject is the run). Minor units. */
export const directDebitFacts = [
  factOf('mandate.signed', mandate),
  factOf('mandate.revoked', mandate),
  /** A customer is told what will be debited: one of each customer in a run. `account` is masked. */
  factOf(
    'direct_debit.announced',
    z.strictObject({
      directDebitId: DirectDebitId,
      collectOn: CalendarDate,
      currency: Currency,
      amount: Minor,
      mandateId: z.string(),
      account: z.string(),
      creditorId: z.string(),
      invoices: z.array(z.strictObject({ invoiceId: InvoiceId, number: z.string(), amount: Minor })),
    }),
  ),
  factOf(
    'direct_debit.released',
    z.strictObject({
      directDebitId: DirectDebitId,
      reason: z.string(),
      invoiceIds: z.array(InvoiceId),
    }),
  ),
] as const;
