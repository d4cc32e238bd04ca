import type { CalendarDate } from '../kernel/time.ts';
import type { Instalment, OpenItem } from './invoice.ts';

/** What of an open item its dates and amounts depend on. */
type Owing = Pick<OpenItem, 'total' | 'balance' | 'dueOn' | 'instalments' | 'discount'>;

/**
 * What is still owed, by due date: whatever was settled covers the earliest instalments first. One part where there are
 * no instalments, none where nothing is owed.
 */
export function openParts({ total, balance, dueOn, instalments }: Omit<Owing, 'discount'>): Instalment[] {
  if (balance === 0) return [];
  if (!instalments) return [{ dueOn, amount: balance }];
  let settled = total - balance;
  return instalments.flatMap((instalment) => {
    const covered = Math.min(settled, instalment.amount);
    settled -= covered;
    const amount = instalment.amount - covered;
    return amount > 0 ? [{ dueOn: instalment.dueOn, amount }] : [];
  });
}

/** What should have been paid before `date`. Minor units. */
export function overdueOn(item: Owing, date: CalendarDate): number {
  return sumOf(openParts(item).filter(({ dueOn }) => dueOn < date));
}

/** What may be taken off on `date` by paying all of it; 0 where nothing may. Minor units. */
export function discountOn({ discount, balance }: Owing, date: CalendarDate): number {
  return discount && date <= discount.until && discount.amount < balance ? discount.amount : 0;
}

/**
 * What a payer is asked for on `date`: the instalments that are due, or the next one where none is; without instalments
 * all that is owed, less the discount while it lasts. Minor units.
 */
export function payableOn(item: Owing, date: CalendarDate): { amount: number; discount: number } {
  if (item.instalments) {
    const parts = openParts(item);
    const due = sumOf(parts.filter(({ dueOn }) => dueOn <= date));
    return { amount: due > 0 ? due : (parts[0]?.amount ?? 0), discount: 0 };
  }
  const discount = discountOn(item, date);
  return { amount: item.balance - discount, discount };
}

const sumOf = (parts: readonly Instalment[]) => parts.reduce((sum, { amount }) => sum + amount, 0);
