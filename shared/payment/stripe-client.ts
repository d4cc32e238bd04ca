import Stripe from 'stripe';
import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import type { PaymentProvider, SucceededPayment } from './provider.ts';
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts';
import { readStripeWebhook, sessionNews } from './stripe-events.ts';
import { askStripeAbout, refundAtStripe } from './stripe-refunds.ts';

/** What Secrets Manager keeps for Stripe, as JSON. */
const StripeSecret = z.strictObject({
  secretKey: z.string().regex(/^(sk|rk)_/, 'must be a secret or restricted key of Stripe'),
  webhookSecret: z.string().startsWith('whsec_'),
});

/**
 * @param text the secret as it is stored
 * @throws Error when it was not filled in; the message holds nothing of it, since errors are logged
 */
export function readStripeSecret(text: string): z.infer<typeof StripeSecret> {
  try {
    return StripeSecret.parse(JSON.parse(text));
  } catch {
    throw new Error(
      'The secret of Stripe must be JSON of secretKey (sk_… or rk_…) and webhookSecret (whsec_…)',
    );
  }
}

/** Ways to pay, as Stripe names them. */
const StripeMethods = z.array(z.enum(['card', 'us_bank_account', 'sepa_debit'])).min(1);

const methodOf = { card: 'card', us_bank_account: 'ach_debit', sepa_debit: 'sepa_debit' } as const;
/** Bank debits are in one currency each. */
const currencyOf: Partial<Record<keyof typeof methodOf, string>> = {
  us_bank_account: 'USD',
  sepa_debit: 'EUR',
};

/** Within the function's 10 s: 3 × 2.5 s and two pauses of 2 s at most would be more, so there is one repetition. */
const TIMEOUT_MILLISECONDS = 3500;
const RETRIES = 1;

/** Stripe takes 1,000 characters of a payment's description; 40 long numbers would be more. */
const MAX_DESCRIPTION = 500;

type Settings = {
  readonly secretKey: string;
  /** Of the deployment, comma-separated: `card,sepa_debit`. */
  readonly methods: string;
  /** Another address than Stripe's own, for tests. */
  readonly apiUrl?: string | undefined;
};

export type StripeProvider = PaymentProvider & {
  /** The payment with how it was paid and what Stripe keeps of it, where Stripe knows that already. */
  complete(payment: SucceededPayment): Promise<SucceededPayment>;
};

/** Stripe's Checkout: a page of Stripe's own, so that no card data comes near this system. */
export function stripeProvider({ secretKey, methods, apiUrl }: Settings): StripeProvider {
  const allowed = StripeMethods.parse(methods.split(','));
  const stripe = new Stripe(secretKey, {
    maxNetworkRetries: RETRIES,
    timeout: TIMEOUT_MILLISECONDS,
    telemetry: false,
    ...(apiUrl !== undefined && addressOf(apiUrl)),
  });
  return {
    name: 'stripe',
    endsOnFailure: true,
    readWebhook: readStripeWebhook,
    async createCheckout(request) {
      const { key, invoiceId, customerId, currency, returnUrl } = request;
      const metadata = { key, invoiceId, customerId };
      // One line for each invoice: the payer sees on the page what was chosen.
      const paid = request.invoices ?? [request];
      const numbers = paid.map(({ number }) => number).join(', ');
      const usable = allowed.filter((method) => (currencyOf[method] ?? currency) === currency);
      if (usable.length === 0) throw notPossible(`There is no way to pay ${currency} online.`);
      const session = await asked(() =>
        stripe.checkout.sessions.create(
          {
            mode: 'payment',
            allowed_payment_method_types: usable,
            line_items: paid.map(({ number, amount }) => ({
              quantity: 1,
              price_data: {
                currency: currency.toLowerCase(),
                unit_amount: toStripeAmount(amount, currency),
                product_data: { name: `Invoice ${number}` },
              },
            })),
            client_reference_id: invoiceId,
            success_url: returnUrl,
            cancel_url: returnUrl,
            metadata,
            // The payment bears it too: its events come with it alone.
            payment_intent_data: { metadata, description: `Invoice ${numbers}`.slice(0, MAX_DESCRIPTION) },
          },
          { idempotencyKey: key },
        ),
      );
      if (!session.url) throw unavailable();
      return { url: session.url, sessionId: session.id };
    },
    async askAbout({ sessionId }, at) {
      if (sessionId === undefined) return undefined;
      const session = await asked(() => stripe.checkout.sessions.retrieve(sessionId));
      return sessionNews(`asked-${at}`, session);
    },
    refund: (request) => refundAtStripe(stripe, request),
    askAboutRefund: (providerRefundId) => askStripeAbout(stripe, providerRefundId),
    async complete(payment) {
      const intent = await asked(() =>
        stripe.paymentIntents.retrieve(payment.providerPaymentId, {
          expand: ['latest_charge.balance_transaction'],
        }),
      );
      return { ...payment, ...detailsOf(intent, payment) };
    },
  };
}

const Details = z.object({
  latest_charge: z
    .object({
      payment_method_details: z.object({ type: z.string() }).nullish(),
      balance_transaction: z.object({ fee: z.int(), currency: z.string() }).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

/** A fee in another currency, where Stripe changes money, is not one of this payment's amounts. */
function detailsOf(
  intent: unknown,
  { currency }: SucceededPayment,
): Pick<SucceededPayment, 'method' | 'fee'> {
  const charge = Details.parse(intent).latest_charge;
  const kind = StripeMethods.element.safeParse(charge?.payment_method_details?.type).data;
  const kept = charge?.balance_transaction;
  return {
    ...(kind && { method: methodOf[kind] }),
    ...(kept?.currency.toUpperCase() === currency && { fee: fromStripeAmount(kept.fee, currency) }),
  };
}

async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError)
      throw notPossible('The provider refuses this payment.', error);
    if (error instanceof Stripe.errors.StripeError) throw unavailable(error);
    throw error;
  }
}

const notPossible = (why: string, cause?: unknown) =>
  new DomainError('checkout_not_possible', `${why} Please pay by bank transfer.`, { cause });
const unavailable = (cause?: unknown) =>
  new DomainError('provider_unavailable', 'The payment provider does not answer. Try again in a moment.', {
    cause,
  });

function addressOf(apiUrl: string): { host: string; port: string; protocol: 'http' | 'https' } {
  const { hostname, port, protocol } = new URL(apiUrl);
  return { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' };
}
