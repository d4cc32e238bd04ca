import type { DunningPolicy } from '../collection/dunning-policy.ts';
import { nextActionAt } from '../collection/next-action.ts';
import { addDays, startOfDay } from '../kernel/calendar.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { openParts } from './instalments.ts';
import type { OpenItem } from './invoice.ts';
import { commonOf, remindersFrom } from './open-item.ts';

/** What an invoice was settled by and is not any more, minor units; `offer` as it stood when the discount was taken. */
export type Unsettled = {
  readonly amount: number;
  readonly discount?: number | undefined;
  /** What was let go with it. */
  readonly difference?: { readonly amount: number } | undefined;
  readonly offer?: { readonly until: CalendarDate; readonly tax: number } | undefined;
};

/** What reminders of an invoice owed again go by; `today` is the company's day. */
export type CollectionClock = {
  readonly dunning: DunningPolicy;
  readonly timeZone: string;
  readonly today: CalendarDate;
};

/**
 * The open item once `amount` is owed again with the discount that was taken with it, which is offered as before. A paid
 * or written-off one is open, due as ever and next reminded when that falls due, though not before tomorrow: the
 * customer has a day to see what happened. A disputed one stays disputed.
 * @param lost nobody is reminded: the customer never got the invoice
 */
export function reopenItem(
  item: OpenItem,
  { amount, discount = 0, difference, offer }: Unsettled,
  clock: CollectionClock,
  lost: boolean,
): OpenItem {
  const { discount: offered, discountTaken, ...common } = commonOf(item);
  const stands = (discountTaken?.amount ?? 0) - discount;
  const balance = item.balance + amount + discount + (difference?.amount ?? 0);
  const dueOn = openParts({ ...item, balance })[0]?.dueOn ?? item.dueOn;
  const owed = {
    ...common,
    ...(offer && discount > 0
      ? {
          discount: {
            until: offer.until,
            amount: (offered?.amount ?? 0) + discount,
            tax: (offered?.tax ?? 0) + offer.tax,
          },
        }
      : offered && { discount: offered }),
    ...(discountTaken &&
      stands > 0 && { discountTaken: { amount: stands, tax: discountTaken.tax - (offer?.tax ?? 0) } }),
    ...(dueOn !== item.dueOn && remindersFrom(item, dueOn)),
    balance,
    version: item.version + 1,
  };
  if (item.status === 'disputed')
    return { ...owed, status: 'disputed', dispute: item.dispute, ...pausedOf(item) };
  if (lost || (item.status === 'open' && item.paused))
    return { ...owed, status: 'open', paused: 'undelivered' };
  if (item.status === 'open' && dueOn === item.dueOn)
    return { ...owed, status: 'open', ...(item.nextActionAt && { nextActionAt: item.nextActionAt }) };
  const tomorrow = startOfDay(addDays(clock.today, 1), clock.timeZone);
  const planned = nextActionAt(owed, clock.dunning, clock.timeZone);
  return { ...owed, status: 'open', nextActionAt: planned > tomorrow ? planned : tomorrow };
}

function pausedOf({ paused }: Extract<OpenItem, { status: 'disputed' }>) {
  return paused && { paused };
}
