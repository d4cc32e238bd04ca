import * as z from 'zod';
import { Payee } from '../credit-transfer/payee.ts';
import { DomainError } from '../kernel/errors.ts';
import { CreditNoteId, CustomerId, PaymentId, RefundId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { PaymentMethod } from '../payment/payment.ts';

/**
 * What is to be given back, how, and why. Where it names a credit note, what is not used of that is paid out, and the
 * payment says whose money it is; without, it is what is not used of the payment. Minor units.
 */
const terms = {
  refundId: RefundId,
  customerId: CustomerId,
  paymentId: PaymentId,
  creditNoteId: CreditNoteId.optional(),
  method: PaymentMethod,
  currency: Currency,
  amount: Minor.min(1),
  reason: z.string(),
  /** Of the transfer. */
  reference: z.string(),
  /** Where it goes by transfer: the account the money came from, or another that the request named (`from: request`). */
  payee: Payee.optional(),
  /** Somebody transferred it at the bank already: it is only recorded. */
  alreadySent: z.literal(true).optional(),
  /** The customer asked for it. */
  byCustomer: z.literal(true).optional(),
  /** The day it counts on for the limit of the policy `refunds`; that of the request where it is left out. */
  countedOn: CalendarDate.optional(),
  requestedAt: Instant,
  requestedBy: z.string(),
};

/** As the queue of those who decide shows it. */
export const WaitingRefund = z.strictObject(terms);
export type WaitingRefund = z.infer<typeof WaitingRefund>;

const request = { ...terms, requesterId: z.string(), version: z.int().min(1) };
const decision = { ...request, decidedAt: Instant, decidedBy: z.string(), deciderId: z.string() };

/** A refund that needs approval; `requesterId` is who asked and `deciderId` who decided, as the user pool knows them. */
export const Refund = z.discriminatedUnion('status', [
  z.strictObject({ ...request, status: z.literal('requested') }),
  z.strictObject({ ...decision, status: z.literal('done'), decision: z.string().optional() }),
  z.strictObject({ ...decision, status: z.literal('rejected'), decision: z.string() }),
]);
export type Refund = z.infer<typeof Refund>;
export type RequestedRefund = Extract<Refund, { status: 'requested' }>;
export type DecidedRefund = Exclude<Refund, RequestedRefund>;

/** Who decides about a refund, and when. */
export type Decider = { readonly id: string; readonly name: string; readonly at: Instant };

/**
 * A refund that `decider` may decide about: nobody decides about what they asked for.
 * @throws DomainError `approval_by_requester`, `refund_not_open`
 */
export function openTo(refund: Refund, { id }: Decider): RequestedRefund {
  if (refund.requesterId === id) {
    throw new DomainError(
      'approval_by_requester',
      'You asked for this refund. Someone else decides about it.',
    );
  }
  if (refund.status !== 'requested') {
    throw new DomainError('refund_not_open', `This refund is ${refund.status} already.`);
  }
  return refund;
}

/** A refund once it was decided about. */
export function decided(
  refund: RequestedRefund,
  outcome:
    | { readonly status: 'done'; readonly decision?: string | undefined }
    | { readonly status: 'rejected'; readonly decision: string },
  { id, name, at }: Decider,
): DecidedRefund {
  const made = { ...refund, decidedAt: at, decidedBy: name, deciderId: id, version: refund.version + 1 };
  return outcome.status === 'rejected'
    ? { ...made, status: 'rejected', decision: outcome.decision }
    : {
        ...made,
        status: 'done',
        ...(outcome.decision !== undefined && { decision: outcome.decision }),
      };
}
