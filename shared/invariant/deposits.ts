import { leftOf } from '../deposit/deposit.ts';
import { amountOn } from './books.ts';
import { type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * C. A deposit is taken off once: what it asked for before tax is what invoices took off it and what is left, unless a
 * credit note took it back whole; and the liability in the books is what is left of all deposits.
 */
export function* depositsAreTakenOffOnce(picture: Picture): Generator<Violation> {
  const { invoices, creditNotes, deposits, entries } = picture;
  const deducted = new Sums();
  for (const { deductions = [] } of invoices.values()) {
    for (const { invoiceId, net } of deductions) deducted.add(invoiceId, net);
  }
  const credited = new Set([...creditNotes.values()].map(({ corrects }) => corrects?.invoiceId));
  const known = new Set<string>();
  const liability = new Sums();
  for (const { customerId, currency, deposits: ofOrder } of deposits.values()) {
    for (const { invoiceId, number, gross, left, credited: takenBack = false } of ofOrder) {
      known.add(invoiceId);
      const invoice = invoices.get(invoiceId);
      const net = left.reduce((sum, group) => sum + group.net, 0);
      liability.add(`${customerId} in ${currency}`, net);
      yield* unlessEqual('C', `gross of the deposit ${number}`, gross, invoice?.totals.gross);
      if (takenBack !== credited.has(invoiceId))
        yield { invariant: 'C', detail: `the deposit ${number} and its credit note disagree` };
      const whole = takenBack ? 0 : invoice?.totals.net;
      yield* unlessEqual(
        'C',
        `taken off the deposit ${number} and left`,
        deducted.of(invoiceId) + net,
        whole,
      );
      if (leftOf([{ left }]) > gross)
        yield { invariant: 'C', detail: `more is left of the deposit ${number} than it asked for` };
    }
  }
  for (const { invoiceId, type, number } of invoices.values()) {
    if (type === 'deposit' && !known.has(invoiceId))
      yield { invariant: 'C', detail: `no order knows of the deposit ${number}` };
  }
  const booked = new Sums();
  for (const entry of entries)
    booked.add(`${entry.customerId} in ${entry.currency}`, -amountOn('deposits', entry));
  for (const name of new Set([...liability.keys(), ...booked.keys()])) {
    yield* unlessEqual('C', `deposits of ${name} in the ledger`, booked.of(name), liability.of(name));
  }
}
