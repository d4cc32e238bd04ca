import { anInvoice } from './invoice.ts';

/** The fact that {@link anInvoice} was issued, as it stands on the bus. */
export function issuedFact(overrides: Parameters<typeof anInvoice>[0] = {}) {
  const { invoiceId, number, type, orders, dueOn, currency, totals, customerId, issuedAt } =
    anInvoice(overrides);
  return {
    id: `${invoiceId}.000001`,
    type: 'invoice.issued',
    version: 1,
    at: issuedAt,
    subject: invoiceId,
    slot: '000001',
    customerId,
    actor: 'issue-invoice',
    data: {
      invoiceId,
      number,
      type,
      orders,
      dueOn,
      currency,
      net: totals.net,
      gross: totals.gross,
    },
  };
}
