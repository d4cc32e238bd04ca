import { changeAccount } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { saveOpenItem } from '../invoice/invoice-store.ts';
import { newId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { differencePostings, discountPostings, reversalPostings } from '../ledger/postings.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action } from '../table/table.ts';
import { allocatedBy, differencesOf, toldOf } from './payment.ts';
import { savePayment } from './payment-store.ts';
import type { RestoredPayment } from './restore-payment.ts';

/**
 * The writes of reversed money that is there again, for one transaction: payment, invoices, account, books and fact. Four
 * and one for each invoice.
 * @param told `fee` is what the reversal was said to have cost and did not, minor units; `booked` the reference of the
 * entry, where it is not that of the fact
 */
export function restoredActions(
  restored: RestoredPayment,
  told: {
    readonly reason: string;
    readonly reference: string;
    readonly booked?: string;
    readonly fee?: number | undefined;
  },
  { at, today, actor }: { readonly at: Instant; readonly today: CalendarDate; readonly actor: string },
): Action[] {
  const { before, payment, amount, settling } = restored;
  const { paymentId, customerId, method, currency, reversed = 0, unapplied, version } = payment;
  const { applied, discount, settled } = settling;
  const { reason, reference, booked = reference, fee = 0 } = told;
  const allocated = allocatedBy(applied);
  const taken = { method, unapplied: amount - allocated, allocated, fee, feeBack: 0 };
  const differences = differencesOf(applied);
  const owed = differences.reduce((sum, difference) => sum - difference.amount, 0 - amount - discount.amount);
  return [
    savePayment(payment, before.version),
    ...settled.map((item) => saveOpenItem(item.after, item.before.version)),
    changeAccount(customerId, { exposure: owed, receivable: owed }),
    postEntry({
      entryId: newId('ent', at),
      date: today,
      at,
      kind: 'reversal',
      source: paymentId,
      reference: booked,
      customerId,
      currency,
      postings: [
        ...reversalPostings(taken).map((posting) => ({ ...posting, amount: 0 - posting.amount })),
        ...discountPostings(discount.amount, discount.tax),
        ...differencePostings(differences),
      ],
    }),
    recordFact('payment.restored', paymentId, versionSlot(version), {
      at,
      actor,
      customerId,
      data: {
        paymentId,
        method,
        currency,
        reason,
        amount,
        reversed,
        allocations: applied.map(toldOf),
        unapplied,
        reference,
      },
    }),
  ];
}
