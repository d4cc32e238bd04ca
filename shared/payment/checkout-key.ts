import type { OpenItem } from '../invoice/invoice.ts';

/**
 * The key of a checkout for `amount` of what is owed: each change of the balance is a version of the item, and what is
 * asked for of it may change from day to day.
 */
export function checkoutKey(
  item: Pick<OpenItem, 'invoiceId' | 'version' | 'balance'>,
  amount: number,
): string {
  return `${item.invoiceId}.${item.version}${amount === item.balance ? '' : `.${amount}`}`;
}
