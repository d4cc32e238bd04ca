import { DomainError } from '../kernel/errors.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import type { PaymentProvider } from './provider.ts';
import { readSandboxWebhook, sandboxRefundEvent, sandboxRefundId } from './sandbox-events.ts';
import { openSession, SESSION_MINUTES } from './sandbox-session.ts';

/** A provider without a bank behind it: its page and its webhook work as a real one's, and no money moves. */
export const sandboxProvider: PaymentProvider = {
  name: 'sandbox',
  endsOnFailure: false,
  createCheckout(request, { publicUrl, secret, at }) {
    const url = new URL(`/sandbox/checkout/${openSession(request, secret, at)}`, publicUrl).href;
    return Promise.resolve({ url });
  },
  readWebhook: readSandboxWebhook,
  /** It stores nothing: a page that is over and told nothing was not paid on. */
  askAbout({ checkoutKey, invoiceId, amount, currency, startedAt }, at) {
    const over = Date.parse(at) - Date.parse(startedAt) > SESSION_MINUTES * 60_000;
    const eventId = `asked-${at}`;
    if (!over) return Promise.resolve(undefined);
    return Promise.resolve({
      type: 'payment_failed',
      eventId,
      checkoutKey,
      invoiceId,
      amount,
      currency,
      reason: 'expired',
    });
  },
  /** Tells its own webhook that the money is back, as it does of payments. */
  async refund(request, { publicUrl, secret, at }) {
    const url = new URL('/webhooks/payments/sandbox', publicUrl).href;
    const status = await deliverWebhook(sandboxRefundEvent(request, secret), {
      url,
      secret,
      at,
      post: fetch,
    });
    if (status === undefined || status >= 300) {
      throw new DomainError('provider_unavailable', `The sandbox could not tell of the refund: ${status}.`);
    }
    return { state: 'sent', providerRefundId: sandboxRefundId(request.refundKey, secret) };
  },
  /** It stores nothing: what it has is done. */
  askAboutRefund: (providerRefundId) => Promise.resolve({ state: 'succeeded', providerRefundId }),
};
