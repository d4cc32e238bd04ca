import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { payableOn } from '#shared/invoice/instalments.ts';
import { loadInvoice, loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { freshKey, startAttempt } from '#shared/payment/attempt-store.ts';
import { payLink, readPayToken } from '#shared/payment/pay-link.ts';
import { settledPage, underWayPage } from '#shared/payment/pay-page.ts';
import * as api from '#shared/payment/payment-api.ts';
import { providerOf } from '#shared/payment/provider-client.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();
const payee = company.tradingName ?? company.legalName;
const publicUrl = z.url().parse(process.env['PUBLIC_URL']);
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
  // Each change of the balance is a version of the item; what is asked for of it may change from day to day.
  const balanceKey = `${invoiceId}.${item.version}${amount === item.balance ? '' : `.${amount}`}`;
  const { key, processing } = await freshKey(table, provider, balanceKey);
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

export const handler = httpFunction(undefined, [open]);
