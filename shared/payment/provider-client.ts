import type { PaymentProvider } from './provider.ts';
import { sandboxProvider } from './sandbox-provider.ts';
import { signingSecret } from './signing-secret-client.ts';
import type { StripeProvider } from './stripe-client.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Stripe with its secrets, read once per function instance. Its library is loaded only when it is asked for. */
export function stripeOf(env: Environment) {
  const secretOf = signingSecret(env['STRIPE_SECRET_ID'] ?? '');
  return async (): Promise<{ provider: StripeProvider; webhookSecret: string }> => {
    const { readStripeSecret, stripeProvider } = await import('./stripe-client.ts');
    const { secretKey, webhookSecret } = readStripeSecret(await secretOf());
    const methods = env['STRIPE_METHODS'] ?? 'card';
    return {
      provider: stripeProvider({ secretKey, methods, apiUrl: env['STRIPE_API_URL'] }),
      webhookSecret,
    };
  };
}

/** The payment provider of this deployment. */
export function providerOf(env: Environment): () => Promise<PaymentProvider> {
  if (env['PAYMENT_PROVIDER'] !== 'stripe') return () => Promise.resolve(sandboxProvider);
  const stripe = stripeOf(env);
  return async () => (await stripe()).provider;
}
