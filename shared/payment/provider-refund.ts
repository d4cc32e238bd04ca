import * as z from 'zod';
import { CreditNoteId, CustomerId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { type Payment, PaymentMethod } from './payment.ts';

/**
 * `pending`: recorded, and not sent yet. `unknown`: the provider was asked for it and did not answer: it is sent again
 * under the same key. `sent`: the provider has it, and it may still fail. `succeeded`: the payer has the money, as far as
 * the provider knows; banks send some back days later. `failed` is for good: the refund was undone.
 */
export const ProviderRefundState = z.enum(['pending', 'unknown', 'sent', 'succeeded', 'failed']);
export type ProviderRefundState = z.infer<typeof ProviderRefundState>;

/**
 * Money that goes back through the provider it came by, from the transaction that recorded it until it is there. `slot`
 * is that of the fact that told of it, of the payment: `payment.refunded`, or `payment.paid_out` where a credit note is
 * paid out. `amount` in minor units.
 */
export const ProviderRefund = z.strictObject({
  paymentId: PaymentId,
  slot: z.string(),
  customerId: CustomerId,
  creditNoteId: CreditNoteId.optional(),
  provider: z.string(),
  providerPaymentId: z.string(),
  method: PaymentMethod,
  currency: Currency,
  amount: Minor.min(1),
  reason: z.string(),
  state: ProviderRefundState,
  /** The provider's own id of it, once it has one. */
  providerRefundId: z.string().optional(),
  /** Why it failed, in the provider's words. */
  failure: z.string().optional(),
  recordedAt: Instant,
  changedAt: Instant,
  /** Of one that failed: since when nothing of its money waits any more. */
  closedAt: Instant.optional(),
  version: z.int().min(1),
});
export type ProviderRefund = z.infer<typeof ProviderRefund>;

/** Whether money that goes back by `method` is the provider's to send: it came by it, and goes the way it came. */
export const goesByProvider = (payment: Pick<Payment, 'provider' | 'method'>, method: PaymentMethod) =>
  payment.provider !== undefined && method === payment.method;

/** What names one refund. */
export type RefundName = Pick<ProviderRefund, 'paymentId' | 'slot'>;

/** What a provider is told to keep with a refund, and what makes it the same one for ever: the id of its fact. */
export const refundKeyOf = ({ paymentId, slot }: RefundName) => `${paymentId}.${slot}`;

/** The refund that a key names; undefined where it is no key of ours. */
export function refundNamed(key: string): RefundName | undefined {
  const [id, slot, ...more] = key.split('.');
  const paymentId = PaymentId.safeParse(id).data;
  return paymentId && slot !== undefined && /^\d{6}$/.test(slot) && more.length === 0
    ? { paymentId, slot }
    : undefined;
}

/** What is heard of a refund. */
export type RefundNews = {
  readonly state: Exclude<ProviderRefundState, 'pending'>;
  readonly providerRefundId?: string | undefined;
  readonly failure?: string | undefined;
};

/** How much is known; a refund that failed stays failed, and one that succeeded may fail yet. */
const certainty = { pending: 0, unknown: 1, sent: 2, succeeded: 3, failed: 4 } as const satisfies Record<
  ProviderRefundState,
  number
>;

/** The refund after `news` of it; undefined where they say no more than is known, in whatever order they come. */
export function advanceRefund(
  refund: ProviderRefund,
  { state, providerRefundId, failure }: RefundNews,
  at: Instant,
): ProviderRefund | undefined {
  if (certainty[state] <= certainty[refund.state]) return undefined;
  return {
    ...refund,
    state,
    ...(providerRefundId !== undefined && { providerRefundId }),
    ...(state === 'failed' && failure !== undefined && { failure }),
    changedAt: at,
    version: refund.version + 1,
  };
}

/** Whether something is still to be done or heard of. */
export const isUnderWay = ({ state }: Pick<ProviderRefund, 'state'>) =>
  state === 'pending' || state === 'unknown' || state === 'sent';

/** Whether news of a provider's refund are of this one: it bears no other id of the provider. */
export function isSameRefund(
  refund: ProviderRefund,
  told: { readonly provider: string; readonly providerPaymentId: string; readonly providerRefundId: string },
): boolean {
  const { provider, providerPaymentId, providerRefundId = told.providerRefundId } = refund;
  return (
    provider === told.provider &&
    providerPaymentId === told.providerPaymentId &&
    providerRefundId === told.providerRefundId
  );
}
