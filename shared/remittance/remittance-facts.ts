import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { AdviceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { AdvisedInvoice } from './remittance-advice.ts';

/** What happens to remittance advices; subject is the advice. That it was used the payment's own fact tells. */
export const remittanceFacts = [
  factOf(
    'remittance.advised',
    z.strictObject({
      adviceId: AdviceId,
      source: z.enum(['api', 'csv', 'portal']),
      currency: Currency,
      total: Minor,
      invoices: z.array(AdvisedInvoice),
      paymentReference: z.string().optional(),
      paidOn: CalendarDate.optional(),
    }),
  ),
  factOf('remittance.withdrawn', z.strictObject({ adviceId: AdviceId })),
] as const;
