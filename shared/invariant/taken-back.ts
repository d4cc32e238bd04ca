import { factsOf, type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * C. The discount taken and the loss of an invoice are what was granted and written off less what credit notes took back
 * of it, never below zero; and what its credit notes leave for the customer is at most what was paid on it.
 */
export function* settlementsTakenBackAddUp(picture: Picture): Generator<Violation> {
  const { openItems, creditNotes, openCredits } = picture;
  const { granted, paid } = settledOf(picture);
  const back = { discount: new Sums(), loss: new Sums() };
  const over = new Sums();
  for (const [id, { corrects, totals, discountTakenBack, writeOffTakenBack = 0 }] of creditNotes) {
    if (!corrects) continue;
    const { invoiceId } = corrects;
    back.discount.add(invoiceId, discountTakenBack?.amount ?? 0);
    back.loss.add(invoiceId, writeOffTakenBack);
    const { applied = [], netted = [] } = openCredits.get(id) ?? {};
    const own = [...applied, ...netted]
      .filter((use) => use.invoiceId === invoiceId)
      .reduce((sum, { amount }) => sum + amount, 0);
    over.add(invoiceId, totals.gross - own);
  }
  for (const [id, { discountTaken, writtenOff = 0, balance }] of openItems) {
    const discount = granted.of(id) - back.discount.of(id);
    yield* unlessEqual('C', `discount taken of ${id}`, discountTaken?.amount ?? 0, discount);
    yield* unlessEqual('C', `written off of ${id}`, writtenOff, lossesOf(picture, id) - back.loss.of(id));
    // What was paid and is gone again is owed again.
    if (over.of(id) > paid.of(id) + balance) {
      const detail = `${over.of(id)} of the credit of ${id} is the customer's, who paid ${paid.of(id)} and owes ${balance}`;
      yield { invariant: 'C', detail };
    }
  }
}

/** All that was written off of an invoice, as its facts tell. Minor units. */
export function lossesOf(picture: Picture, invoiceId: string): number {
  return factsOf(picture, invoiceId).reduce(
    (sum, fact) => (fact.type === 'invoice.written_off' ? sum + fact.data.amount : sum),
    0,
  );
}

/** Discounts granted on each invoice, that were not given back, and what it was paid with: money, deposits, and credit of other invoices. */
function settledOf({ payments, openCredits, creditNotes, invoices, facts }: Picture): {
  granted: Sums;
  paid: Sums;
} {
  const granted = new Sums();
  const paid = new Sums();
  for (const { allocations } of payments.values()) {
    // What was let go, a bank's charge say, counts as paid.
    for (const { invoiceId, amount, difference } of allocations)
      paid.add(invoiceId, amount + (difference?.amount ?? 0));
  }
  for (const { invoiceId, amount } of discountsTold(facts)) granted.add(invoiceId, amount);
  for (const [id, { deductions = [] }] of invoices) {
    for (const { net, tax } of deductions) paid.add(id, net + tax);
  }
  for (const [id, { applied, netted = [] }] of openCredits) {
    const own = creditNotes.get(id)?.corrects?.invoiceId;
    for (const { invoiceId, amount } of [...applied, ...netted])
      if (invoiceId !== own) paid.add(invoiceId, amount);
  }
  return { granted, paid };
}

/** Discounts taken with payments, negative where they were given back, as the facts tell. Minor units. */
export function discountsTold(facts: Picture['facts']): { invoiceId: string; amount: number }[] {
  return [...facts.values()].flat().flatMap((fact) => {
    switch (fact.type) {
      case 'payment.received':
      case 'payment.allocated':
      case 'payment.restored':
        return fact.data.allocations.map(({ invoiceId, discount = 0 }) => ({ invoiceId, amount: discount }));
      case 'payment.unallocated':
      case 'payment.reversed':
        return fact.data.allocations.map(({ invoiceId, discount = 0 }) => ({ invoiceId, amount: -discount }));
      default:
        return [];
    }
  });
}
