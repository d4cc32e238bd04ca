import type { PaymentProvider } from './provider.ts';
import { readSandboxWebhook } from './sandbox-events.ts';
import { openSession } from './sandbox-session.ts';

/** A provider without a bank behind it: its page and its webhook work as a real one's, and no money moves. */
export const sandboxProvider: PaymentProvider = {
  name: 'sandbox',
  createCheckout(request, { publicUrl, secret, at }) {
    const url = new URL(`/sandbox/checkout/${openSession(request, secret, at)}`, publicUrl).href;
    return Promise.resolve({ url });
  },
  readWebhook: readSandboxWebhook,
};
