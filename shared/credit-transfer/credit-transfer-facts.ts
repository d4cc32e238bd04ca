import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { CreditNoteId, CreditTransferId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { PaymentMethod } from '../payment/payment.ts';
import { EndToEndId, UndoneKind } from './end-to-end-id.ts';

const undone = {
  paymentId: PaymentId,
  method: PaymentMethod,
  currency: Currency,
  amount: Minor,
  kind: UndoneKind,
  reason: z.string(),
  endToEndId: EndToEndId,
};

/** What becomes of credit transfer runs (subject is the run), and of refunds that did not get there. Minor units. */
export const creditTransferFacts = [
  /** The run holds what waited; its file may go to the bank. */
  factOf(
    'credit_transfer.ready',
    z.strictObject({
      creditTransferId: CreditTransferId,
      currency: Currency,
      count: z.int(),
      total: Minor,
    }),
  ),
  /** Transfers that the bank did not make: of the whole run where `cancelled`. */
  factOf(
    'credit_transfer.released',
    z.strictObject({
      creditTransferId: CreditTransferId,
      reason: z.string(),
      outcome: z.enum(['requeue', 'undo']),
      cancelled: z.boolean(),
      endToEndIds: z.array(EndToEndId),
    }),
  ),
  /**
   * A refund (the one that fact `told` tells of) did not get to the customer: the money is unused again. `refunded` or, for
   * a credit note, `paidOut` is given back of the payment still. Subject is the payment.
   */
  factOf(
    'payment.refund_undone',
    z.strictObject({
      ...undone,
      told: z.string(),
      creditNoteId: CreditNoteId.optional(),
      refunded: Minor,
      paidOut: Minor,
      unapplied: Minor,
      /** What the bank kept of what came back. */
      fee: Minor.optional(),
    }),
  ),
  /** The same of a credit note that was paid out; subject is the credit note. */
  factOf(
    'credit_note.refund_undone',
    z.strictObject({ ...undone, creditNoteId: CreditNoteId, refunded: Minor, unapplied: Minor }),
  ),
] as const;
