import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { OrderId, QuoteId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/** What happens to quotes; subject is the quote. */
export const quoteFacts = [
  factOf(
    'quote.issued',
    z.strictObject({ quoteId: QuoteId, validUntil: CalendarDate, currency: Currency, gross: Minor }),
  ),
  factOf('quote.accepted', z.strictObject({ quoteId: QuoteId, orderId: OrderId })),
  factOf('quote.declined', z.strictObject({ quoteId: QuoteId, reason: z.string() })),
] as const;
