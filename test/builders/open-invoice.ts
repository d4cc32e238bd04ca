import type { OpenInvoice } from '#shared/collection/assess-account.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { anOpenItem } from './invoice.ts';

/** The id of the `n`-th invoice, 1 to 9999. */
export const invoiceIdOf = (n: number) =>
  InvoiceId.parse(`inv_01kmbs0000000000000000${String(n).padStart(4, '0')}`);

/**
 * Invoice `INV-2026-00000n` of GBP 100.00 to cus_acme, issued on 2 March 2026 and due on 1 April, with its first
 * reminder planned for the 8th.
 */
export function openInvoice(n: number, overrides: Record<string, unknown> = {}): OpenInvoice {
  return anOpenItem({
    status: 'open',
    invoiceId: invoiceIdOf(n),
    number: `INV-2026-${String(n).padStart(6, '0')}`,
    customerId: 'cus_acme',
    issuedOn: '2026-03-02',
    dueOn: '2026-04-01',
    total: 10_000,
    balance: 10_000,
    nextActionAt: '2026-04-07T23:00:00.000Z',
    ...overrides,
  });
}
