import type { OpenCredit } from '../invoice/invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Payment } from '../payment/payment.ts';
import type { RefundTransfer } from './refund-transfer.ts';

/** A refund undone: the payment, and the credit note where one was paid out, as they are then. */
export type UndoneRefund = {
  readonly before: { readonly payment: Payment; readonly credit?: OpenCredit };
  readonly payment: Payment;
  readonly credit?: OpenCredit;
};

/**
 * Takes a refund back that did not get to the customer: what was given back is unused again, of the payment or of the
 * credit note that was paid out.
 * @throws RangeError when less was given back than that: the table is damaged
 */
export function undoRefund(
  { amount, creditNoteId, endToEndId }: Pick<RefundTransfer, 'amount' | 'creditNoteId' | 'endToEndId'>,
  payment: Payment,
  credit: OpenCredit | undefined,
): UndoneRefund {
  const version = payment.version + 1;
  if (creditNoteId === undefined) {
    const { refunded, ...rest } = payment;
    const left = less(refunded, amount, endToEndId);
    const next = {
      ...rest,
      ...(left > 0 && { refunded: left }),
      unapplied: rest.unapplied + amount,
      version,
    };
    return { before: { payment }, payment: next };
  }
  if (!credit) throw new RangeError(`there is no open credit of ${creditNoteId}`);
  const { paidOut, ...rest } = payment;
  const out = less(paidOut, amount, endToEndId);
  const { refunded, ...open } = credit;
  const left = less(refunded, amount, endToEndId);
  return {
    before: { payment, credit },
    payment: { ...rest, ...(out > 0 && { paidOut: out }), version },
    credit: {
      ...open,
      ...(left > 0 && { refunded: left }),
      unapplied: open.unapplied + amount,
      version: credit.version + 1,
    },
  };
}

/** What of what came back the bank kept. @throws DomainError `validation_failed` when the line is more than the refund */
export function keptOf(transfer: RefundTransfer, cameBack: number): number {
  if (cameBack <= transfer.amount) return transfer.amount - cameBack;
  throw new DomainError('validation_failed', 'More came back than went out with this refund.', {
    issues: [{ path: 'returned', message: `went out with ${transfer.amount}` }],
  });
}

function less(from: number | undefined, amount: number, name: string): number {
  const left = (from ?? 0) - amount;
  if (left < 0) throw new RangeError(`less was given back than refund ${name} gave`);
  return left;
}
