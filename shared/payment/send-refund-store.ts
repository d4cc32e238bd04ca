import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import type { Table } from '../table/table.ts';
import type { Doing } from './charge-back-store.ts';
import type { PaymentProvider, RefundAnswer } from './provider.ts';
import {
  isUnderWay,
  type ProviderRefund,
  type ProviderRefundState,
  type RefundName,
  refundKeyOf,
} from './provider-refund.ts';
import { loadProviderRefund, noteRefundNews } from './provider-refund-store.ts';

/** What sending needs besides the table. */
export type Sending = Doing & {
  readonly provider: PaymentProvider;
  readonly access: { readonly publicUrl: string; readonly secret: string; readonly at: Instant };
};

/** What became of a refund: `other_way` is none that a provider makes, `other_provider` none that this one can make. */
export type Sent = ProviderRefundState | 'other_way' | 'other_provider';

/**
 * Sends a refund to the provider the money came by, and notes the answer; where the provider has it already, asks what it
 * has come to. Safe to repeat at any moment: the provider makes one refund for one key, and an answer that was never
 * noted is had again.
 * @throws DomainError `provider_unavailable` once it is noted that the provider did not answer
 */
export async function sendRefund(table: Table, name: RefundName, sending: Sending): Promise<Sent> {
  const refund = await loadProviderRefund(table, name);
  if (!refund) return 'other_way';
  if (!isUnderWay(refund)) return refund.state;
  if (refund.provider !== sending.provider.name) return 'other_provider';
  let answer: RefundAnswer;
  try {
    answer = await answerTo(refund, sending);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'provider_unavailable')
      await noteRefundNews(table, refund, { state: 'unknown' }, sending);
    throw error;
  }
  const noted = await noteRefundNews(table, refund, answer, sending);
  return noted?.refund.state ?? answer.state;
}

function answerTo(refund: ProviderRefund, { provider, access }: Sending): Promise<RefundAnswer> {
  const { state, providerRefundId, providerPaymentId, amount, currency, reason } = refund;
  if (state === 'sent' && providerRefundId !== undefined) return provider.askAboutRefund(providerRefundId);
  return provider.refund(
    { refundKey: refundKeyOf(refund), providerPaymentId, amount, currency, reason },
    access,
  );
}
