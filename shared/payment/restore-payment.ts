import type { OpenItem } from '../invoice/invoice.ts';
import type { Instant } from '../kernel/time.ts';
import { mergeInto } from './allocate-payment.ts';
import { allocatedBy, type Payment } from './payment.ts';
import { allocateTo, type Settling, settle, withDiscount } from './record-payment.ts';

export type RestoredPayment = {
  readonly before: Payment;
  readonly payment: Payment;
  /** Minor units. */
  readonly amount: number;
  readonly settling: Settling;
};

/**
 * A payment some of whose reversed money is there again: a charge-back was decided for us. It goes to the invoice it had
 * settled as far as that is owed, the rest stays on the customer's account.
 * @param amount minor units, at most what is reversed
 * @param item what is owed on that invoice; none where the payment had settled none
 */
export function restorePayment(
  payment: Payment,
  amount: number,
  item: OpenItem | undefined,
  at: Instant,
): RestoredPayment {
  const { reversed: gone = 0, unapplied, receivedOn, allocations, version, ...rest } = payment;
  if (amount > gone) throw new RangeError(`only ${gone} of ${payment.paymentId} is reversed, not ${amount}`);
  const items = item ? [item] : [];
  const wanted = items.flatMap((owed) =>
    allocateTo(owed, amount).map((allocation) => withDiscount(allocation, items, receivedOn)),
  );
  const settling = settle(wanted, items, at);
  const reversed = gone - amount;
  return {
    before: payment,
    payment: {
      ...rest,
      receivedOn,
      unapplied: unapplied + amount - allocatedBy(wanted),
      ...(reversed > 0 && { reversed }),
      allocations: settling.applied.reduce(mergeInto, allocations),
      version: version + 1,
    },
    amount,
    settling,
  };
}
