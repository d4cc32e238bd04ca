import { beforeAll, describe, expect, it } from 'vitest';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let stripe: Synthesised;
beforeAll(async () => {
  stripe = await synthesised('stripe');
}, 180_000);

describe('a deployment whose payments Stripe takes', () => {
  it('has its webhook, and nothing of the sandbox', () => {
    const routes = resourcesOf(stripe.service, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) =>
      String(Properties['RouteKey']),
    );
    expect(routes).toContain('POST /webhooks/stripe');
    expect(routes.filter((route) => route.includes('sandbox'))).toEqual([]);
    const functions = resourcesOf(stripe.service, 'AWS::Lambda::Function').map(([, { Properties }]) =>
      String(Properties['FunctionName']),
    );
    expect(functions).toContain('o2c-stripe-stripe-webhook');
    expect(functions).not.toContain('o2c-stripe-sandbox-provider');
    expect(functions).not.toContain('o2c-stripe-payment-webhook');
  });

  it("has a secret for Stripe's keys, and none of them in a template", () => {
    const secrets = resourcesOf(stripe.data, 'AWS::SecretsManager::Secret').map(([, one]) => one.Properties);
    expect(secrets).toContainEqual(
      expect.objectContaining({ Name: 'o2c-stripe/stripe', GenerateSecretString: {} }),
    );
    const templates = JSON.stringify([stripe.data, stripe.service]);
    expect(templates).not.toMatch(/(sk|rk)_(live|test)_|whsec_[A-Za-z0-9]/);
  });
});
