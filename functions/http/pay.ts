import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { localeFor } from '#shared/document/language.ts';
import { documentRenderer } from '#shared/document/render-client.ts';
import { fileAnswer } from '#shared/http/document-format.ts';
import { type Answer, httpFunction, operation } from '#shared/http/http-function.ts';
import { leadingPagePolicy } from '#shared/http/middlewares.ts';
import { payableOn } from '#shared/invoice/instalments.ts';
import { loadInvoice, loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { loadOwedBy } from '#shared/invoice/owed-store.ts';
import { addDays } from '#shared/kernel/days.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn, type Instant } from '#shared/kernel/time.ts';
import { freshKey, startAttempt } from '#shared/payment/attempt-store.ts';
import { checkoutKey } from '#shared/payment/checkout-key.ts';
import { payLink, readPayToken } from '#shared/payment/pay-link.ts';
import { settledPage, underWayPage } from '#shared/payment/pay-page.ts';
import * as api from '#shared/payment/payment-api.ts';
import { providerOf } from '#shared/payment/provider-client.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { keepChoice } from '#shared/portal/choice-store.ts';
import { choosePayment, MAX_CHOSEN, payablesOf } from '#shared/portal/choose-payment.ts';
import * as portalApi from '#shared/portal/portal-api.ts';
import { portalLink, readPortalToken } from '#shared/portal/portal-link.ts';
import { portalPage } from '#shared/portal/portal-page.ts';
import { transferPage } from '#shared/portal/transfer-page.ts';
import { remittancePolicy } from '#shared/remittance/remittance-policy.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();
const payee = company.tradingName ?? company.legalName;
const publicUrl = z.url().parse(process.env['PUBLIC_URL']);
const render = documentRenderer(process.env['RENDER_FUNCTION'] ?? '');
const providerInUse = providerOf(process.env);
const secretOf = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

const linkInvalid = () =>
  new DomainError(
    'payment_link_invalid',
    'This payment link is not complete. Open it from the mail that came with the invoice, or copy all of it.',
  );

/**
 * What is owed is read at this moment: the link in an old mail never asks for too much. While it lasts, the discount for
 * paying early is taken off; of an invoice in instalments those that are due are asked for, or the next.
 */
const open = operation(api.openPaymentLink, async ({ params, at }) => {
  const secret = await secretOf();
  const invoiceId = readPayToken(secret, params.token);
  if (!invoiceId) throw linkInvalid();
  const [invoice, item] = await Promise.all([loadInvoice(table, invoiceId), loadOpenItem(table, invoiceId)]);
  if (!invoice || !item) throw linkInvalid();
  const { number, currency, buyer } = invoice;
  if (item.balance === 0) {
    const html = settledPage({ number, total: item.total, currency, language: buyer.language, payee });
    return { status: 200, html };
  }
  const { amount, discount } = payableOn(item, dateIn(company.timeZone, at));
  const provider = await providerInUse();
  const { key, processing } = await freshKey(table, provider, checkoutKey(item, amount));
  if (processing) {
    return {
      status: 200,
      html: underWayPage({ number, total: amount, currency, language: buyer.language, payee }),
    };
  }
  const request = {
    key,
    invoiceId,
    customerId: item.customerId,
    number,
    amount,
    ...(discount > 0 && { discount }),
    currency,
    payee,
    customerName: buyer.name,
    returnUrl: payLink(publicUrl, secret, invoiceId),
  };
  const checkout = await provider.createCheckout(request, { publicUrl, secret, at });
  const { sessionId } = checkout;
  await startAttempt(table, provider.name, request, { at, by: 'http-pay', sessionId });
  return { headers: { location: checkout.url } };
});

const link = operation(portalApi.createPayerLink, async ({ params, at }) => {
  const today = dateIn(company.timeZone, at);
  const [secret, customer, { policy }] = await Promise.all([
    secretOf(),
    loadCustomer(table, params.customerId),
    policyInForce(table, remittancePolicy, today),
  ]);
  if (!customer) throw new DomainError('customer_not_found', 'There is no such customer.');
  const until = addDays(today, policy.linkDays);
  const { customerId } = customer;
  return { body: { url: portalLink(publicUrl, secret, { customerId, until }), expiresOn: until } };
});

const portal = operation(portalApi.openPortal, async ({ params, at }) => {
  const opened = await openPortal(params.token, at);
  return portalAnswer(portalPage(opened.page));
});

const choose = operation(portalApi.choosePortalPayment, async ({ params, body, at }) => {
  const { page, customer, today, url, secret } = await openPortal(params.token, at);
  const chosen = portalApi.chosenIn(body);
  const choice = choosePayment(page.payables, chosen);
  if (!choice) return portalAnswer(portalPage({ ...page, fault: 'nothing' }), 422);
  if (choice.invoices.length > MAX_CHOSEN)
    return portalAnswer(portalPage({ ...page, fault: 'too_many' }), 422);
  const { customerId } = customer;
  switch (body.by) {
    case 'transfer': {
      const advice = await keepChoice(table, choice, { customerId, at, today });
      const { language, locale, path } = page;
      return portalAnswer(transferPage({ language, locale, path, company, advice, payables: page.payables }));
    }
    case 'online': {
      const [{ invoiceId, number, discount }] = choice.invoices;
      const isOne = choice.invoices.length === 1;
      const { total: amount, currency } = choice;
      const provider = await providerInUse();
      const { key, processing } = await freshKey(table, provider, choice.key);
      if (processing) {
        const numbers = choice.invoices.map((invoice) => invoice.number).join(', ');
        const { language } = customer;
        return portalAnswer(underWayPage({ number: numbers, total: amount, currency, language, payee }));
      }
      const request = {
        key,
        invoiceId,
        customerId,
        number,
        amount,
        ...(isOne ? discount !== undefined && { discount } : { invoices: [...choice.invoices] }),
        currency,
        payee,
        customerName: customer.name,
        returnUrl: url,
      };
      const checkout = await provider.createCheckout(request, { publicUrl, secret, at });
      const { sessionId } = checkout;
      await startAttempt(table, provider.name, request, { at, by: 'http-pay', sessionId });
      return { headers: { location: checkout.url } };
    }
    default:
      return body.by satisfies never;
  }
});

const invoiceFile = operation(portalApi.getPortalInvoice, async ({ params, at }) => {
  const { customerId } = await portalOf(params.token, at);
  const invoice = await loadInvoice(table, params.invoiceId);
  if (invoice?.customerId !== customerId)
    throw new DomainError('invoice_not_found', 'There is no such invoice.');
  return fileAnswer(await render({ kind: 'invoice', id: invoice.invoiceId, format: 'pdf' }));
});

export const handler = httpFunction(undefined, [open, link, portal, choose, invoiceFile]);

/** Whose portal the token opens. @throws DomainError `payment_link_invalid` when we did not sign it, or it has expired */
async function portalOf(token: string, at: Instant) {
  const today = dateIn(company.timeZone, at);
  const secret = await secretOf();
  const found = readPortalToken(secret, token);
  if (!found || found.until < today) {
    throw new DomainError(
      'payment_link_invalid',
      'This link is not complete or too old. Open the newest mail about your account, or ask us for a new link.',
    );
  }
  return { ...found, today, secret };
}

/** All that the portal shows, as things stand at this moment. */
async function openPortal(token: string, at: Instant) {
  const { customerId, until, today, secret } = await portalOf(token, at);
  const [customer, items] = await Promise.all([
    loadCustomer(table, customerId),
    loadOwedBy(table, customerId),
  ]);
  if (!customer) throw linkInvalid();
  const url = portalLink(publicUrl, secret, { customerId, until });
  const { language } = customer;
  const page = {
    language,
    locale: localeFor(language, company),
    payee,
    customer: customer.name,
    path: new URL(url).pathname,
    today,
    payables: payablesOf(items, today),
  };
  return { page, customer, today, url, secret };
}

function portalAnswer(html: string, status = 200): Answer {
  return { status, html, headers: { 'content-security-policy': leadingPagePolicy } };
}
