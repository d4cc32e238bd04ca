import { DomainError } from '../kernel/errors.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { Quote, QuoteIn } from './quote.ts';

/** A quote as it stands on a day: one that nobody decided about in time has expired. */
export function quoteStatus(quote: Quote, today: CalendarDate): Quote['status'] | 'expired' {
  return quote.status === 'issued' && quote.validUntil < today ? 'expired' : quote.status;
}

/** @throws DomainError `quote_not_open` once it was accepted, declined, or its last day is over */
export function assertOpen(quote: Quote, today: CalendarDate): asserts quote is QuoteIn<'issued'> {
  const status = quoteStatus(quote, today);
  if (status === 'issued') return;
  const how = {
    accepted: quote.status === 'accepted' ? `was accepted and is order ${quote.orderId}` : 'was accepted',
    declined: 'was declined',
    expired: `could be accepted until ${quote.validUntil}; ask for a new one`,
  }[status];
  throw new DomainError('quote_not_open', `The quote ${how}.`);
}

export function acceptQuote(
  quote: QuoteIn<'issued'>,
  { by, orderId, at }: { by: string; orderId: OrderId; at: Instant },
): QuoteIn<'accepted'> {
  const version = quote.version + 1;
  return { ...quote, status: 'accepted', acceptedAt: at, acceptedBy: by, orderId, version };
}

export function declineQuote(
  quote: QuoteIn<'issued'>,
  { by, reason, at }: { by: string; reason: string; at: Instant },
): QuoteIn<'declined'> {
  const version = quote.version + 1;
  return { ...quote, status: 'declined', declinedAt: at, declinedBy: by, reason, version };
}
