import { describe, expect, it } from 'vitest';
import { ContextError, contextOfCdkJson, deploymentFrom } from '../../infra/context.ts';

const company = {
  legalName: 'Albion Gifts Limited',
  addressLines: ['14 Weaver Row'],
  city: 'Leeds',
  postalCode: 'LS1 4AP',
  country: 'GB',
  vatId: 'GB123456782',
  iban: 'GB33BUKB20201555555555',
  bic: 'BUKBGB22',
  bankName: 'Example Bank',
  email: 'accounts@example.com',
  timeZone: 'Europe/London',
  locale: 'en-GB',
};
const complete = {
  stage: 'dev',
  senderAddress: 'accounts@example.com',
  financeRecipients: ['finance@example.com'],
  company,
  paymentProvider: 'sandbox',
  accessPoint: 'sandbox',
};

const read = (context: Record<string, unknown>) => deploymentFrom((key) => context[key]);

describe('the context of cdk.json', () => {
  it('that ships is complete', () => {
    expect(deploymentFrom((key) => contextOfCdkJson()[key])).toMatchObject({ stage: 'dev' });
  });

  it('picks another stage from the command line, with what differs there', () => {
    const deployment = read({
      o2c: complete,
      'o2c:prod': { senderAddress: 'billing@albion.example', region: 'eu-west-2' },
      stage: 'prod',
    });
    expect(deployment).toMatchObject({
      stage: 'prod',
      region: 'eu-west-2',
      senderAddress: 'billing@albion.example',
      financeRecipients: ['finance@example.com'],
    });
  });

  it('has payments taken by the sandbox or by Stripe, with ways to pay that there are', () => {
    const stripe = { ...complete, paymentProvider: 'stripe', stripePaymentMethods: ['card', 'sepa_debit'] };
    expect(read({ o2c: stripe })).toMatchObject({ paymentProvider: 'stripe' });
    expect(() => read({ o2c: { ...complete, paymentProvider: 'acme' } })).toThrow(
      'cdk.json: context.o2c.paymentProvider must be "sandbox" or "stripe"',
    );
    expect(() => read({ o2c: { ...stripe, stripePaymentMethods: ['cheque'] } })).toThrow(
      'context.o2c.stripePaymentMethods[0] must be "card", "us_bank_account" or "sepa_debit"',
    );
  });

  it('may name a provider of sales tax, of those there are', () => {
    expect(read({ o2c: { ...complete, salesTaxProvider: 'sandbox' } }).salesTaxProvider).toBe('sandbox');
    expect(() => read({ o2c: { ...complete, salesTaxProvider: 'somebody' } })).toThrow(
      'cdk.json: context.o2c.salesTaxProvider must be "sandbox"',
    );
  });

  it.each([
    ['without the key', {}, 'cdk.json: context.o2c is missing; README.md shows an example'],
    ['that is no object', { o2c: 'dev' }, 'cdk.json: context.o2c must be an object'],
    [
      'with an access point that is not there',
      { o2c: { ...complete, accessPoint: 'acme' } },
      'cdk.json: context.o2c.accessPoint must be "sandbox"',
    ],
    [
      'without a sender address',
      { o2c: { ...complete, senderAddress: undefined } },
      'cdk.json: context.o2c.senderAddress is missing',
    ],
    [
      'with a country that is no code',
      { o2c: { ...complete, company: { ...company, country: 'England' } } },
      'cdk.json: context.o2c.company.country must be an ISO 3166-1 alpha-2 code such as GB',
    ],
    [
      'with a company that has no bank',
      { o2c: { ...complete, company: { ...company, bankName: undefined } } },
      'cdk.json: context.o2c.company.bankName is missing',
    ],
    [
      'with a wrong recipient',
      { o2c: { ...complete, financeRecipients: ['finance@example.com', 'finance'] } },
      'cdk.json: context.o2c.financeRecipients[1] must be a mail address',
    ],
    [
      'with a key that means nothing',
      { o2c: { ...complete, senderAdress: 'accounts@example.com' } },
      'cdk.json: context.o2c has an unknown key: senderAdress',
    ],
    [
      'with a stage that no resource name could bear',
      { o2c: complete, stage: 'Prod' },
      'cdk.json: context.o2c.stage must be 1 to 12 lower-case letters, digits or hyphens, such as dev or prod',
    ],
  ])('%s is refused in one line that names the key', (_, context, problem) => {
    expect(() => read(context)).toThrow(new ContextError(problem));
  });

  it('names every problem at once', () => {
    expect(() => read({ o2c: { ...complete, stage: '', region: 'Europe' } })).toThrow(
      /context\.o2c\.stage must be .*; context\.o2c\.region must be an AWS region such as eu-west-1$/,
    );
  });
});
