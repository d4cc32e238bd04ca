import * as z from 'zod';
import { addDays } from '../kernel/days.ts';
import { CustomerId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/** Days that are kept: no window of the policy `refunds` is longer. */
export const MAX_WINDOW_DAYS = 366;

/**
 * What a customer got back or asks for in a currency, day by day of late. Each refund and each request for one changes it
 * in its own transaction, so that two at the same time can't both pass for the first. Minor units.
 */
export const RefundsGiven = z.strictObject({
  customerId: CustomerId,
  currency: Currency,
  days: z.array(z.strictObject({ on: CalendarDate, amount: Minor.min(1) })),
  version: z.int().min(1),
});
export type RefundsGiven = z.infer<typeof RefundsGiven>;

/** What was given back within the `days` that end with `today`, that day included. Minor units. */
export function givenWithin(given: RefundsGiven | undefined, today: CalendarDate, days: number): number {
  const since = addDays(today, 1 - days);
  return (given?.days ?? []).reduce((sum, day) => (day.on >= since ? sum + day.amount : sum), 0);
}

/**
 * With `amount` (minor units, negative takes back) more on a day; what is older than {@link MAX_WINDOW_DAYS} before the
 * last day is let go.
 */
export function countGiven(
  given: RefundsGiven | undefined,
  whose: Pick<RefundsGiven, 'customerId' | 'currency'>,
  { on, amount }: { readonly on: CalendarDate; readonly amount: number },
): RefundsGiven {
  const sums = new Map((given?.days ?? []).map((day) => [day.on, day.amount]));
  const known = sums.has(on) || amount > 0;
  if (known) sums.set(on, (sums.get(on) ?? 0) + amount);
  const last = [...sums.keys()].toSorted().at(-1) ?? on;
  const since = addDays(last, 1 - MAX_WINDOW_DAYS);
  return {
    customerId: whose.customerId,
    currency: whose.currency,
    days: [...sums]
      .filter(([day, sum]) => sum > 0 && day >= since)
      .map(([day, sum]) => ({ on: day, amount: sum }))
      .toSorted((one, other) => (one.on < other.on ? -1 : 1)),
    version: (given?.version ?? 0) + 1,
  };
}
