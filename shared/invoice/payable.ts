import type { Invoice } from './invoice.ts';

/**
 * Whether an invoice says how to pay it: whoever bought over the counter has paid. It depends on the record alone, not on
 * what was paid since, so that the document is the same whenever it is rendered.
 */
export function isPayable({ type, totals }: Pick<Invoice, 'type' | 'totals'>): boolean {
  return type !== 'counter' && totals.gross > 0;
}
