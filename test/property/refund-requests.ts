import type { Served } from '../builders/house.ts';
import type { RequestOptions } from '../builders/http-event.ts';
import type { MemoryTable } from '../builders/memory-table.ts';
import { pickCredit, pickPayment, pickRefund } from './picks.ts';
import type { Step } from './step.ts';

type RefundStep = Extract<Step, { do: 'refund' | 'pay out' | 'decide about refund' }>;

const colleague = { sub: 'admin-2', name: 'Abe Admin', roles: ['admin'] } as const;

/** Transferred at the bank already, or to be transferred to an account that someone else approves. */
function way(pick: number) {
  const payee = { kind: 'iban', iban: 'DE89370400440532013000', name: 'Elster GmbH' };
  return pick % 2 === 0 ? { alreadySent: true } : { payee };
}

/** The request that a step about giving money back makes; undefined when there is nothing to give back. */
export function refundRequest(
  step: RefundStep,
  table: MemoryTable,
): { operationId: Served; options: RequestOptions } | undefined {
  switch (step.do) {
    case 'refund': {
      const unused = pickPayment(table, step.payment, ({ unapplied }) => unapplied > 0);
      const payment = step.payment % 5 === 0 ? pickPayment(table, step.payment) : unused;
      const body = { amount: step.amount, reason: 'paid too much', ...way(step.payment) };
      const options = payment && { params: { paymentId: payment.paymentId }, body };
      return options && { operationId: 'refundPayment', options };
    }
    case 'pay out': {
      const credit = pickCredit(table, step.credit, ({ unapplied }) => unapplied > 0);
      const payment = step.payment === undefined ? undefined : pickPayment(table, step.payment);
      const body = {
        amount: step.amount ?? credit?.unapplied,
        reason: 'wants no goods',
        ...way(step.credit),
        ...(payment && { paymentId: payment.paymentId }),
      };
      const options = credit && { params: { creditNoteId: credit.creditNoteId }, body };
      return options && { operationId: 'refundCreditNote', options };
    }
    case 'decide about refund': {
      const refund = pickRefund(table, step.refund);
      const options = refund && {
        params: { refundId: refund.refundId },
        body: { reason: 'seen on the statement' },
        ...(step.by === 'colleague' && { as: colleague }),
      };
      return options && { operationId: step.approve ? 'approveRefund' : 'rejectRefund', options };
    }
    default:
      return step satisfies never;
  }
}
