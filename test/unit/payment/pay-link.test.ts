import { describe, expect, it } from 'vitest';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { payLink, readPayToken } from '#shared/payment/pay-link.ts';
import { signedToken } from '#shared/payment/signature.ts';
import { INVOICE_ID } from '../../builders/invoice.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';
const invoiceId = InvoiceId.parse(INVOICE_ID);
const tokenOf = (link: string) => link.slice(link.lastIndexOf('/') + 1);

describe('the payment link of an invoice', () => {
  const link = payLink('https://api.example.com', SECRET, invoiceId);

  it('is the same at all times, with or without a slash at the end of the address', () => {
    expect(link).toMatch(/^https:\/\/api\.example\.com\/pay\/inv_01k0000000000000000000000b\.[\w-]{43}$/);
    expect(payLink('https://api.example.com/', SECRET, invoiceId)).toBe(link);
  });

  it('leads back to its invoice', () => {
    expect(readPayToken(SECRET, tokenOf(link))).toBe('inv_01k0000000000000000000000b');
  });

  it.each([
    ['another invoice', tokenOf(link).replace('00b.', '00e.')],
    ['a cut signature', tokenOf(link).slice(0, -1)],
    ['no signature', INVOICE_ID],
    ['an empty signature', `${INVOICE_ID}.`],
    ['a signature alone', tokenOf(link).slice(tokenOf(link).indexOf('.'))],
    ['a token signed for something else', signedToken('sandbox-session', SECRET, INVOICE_ID)],
    ['a signed text that is no invoice', signedToken('pay-link', SECRET, 'ord_01k0000000000000000000000a')],
    ['nothing', ''],
  ])('refuses %s', (_, token) => {
    expect(readPayToken(SECRET, token)).toBeUndefined();
  });

  it('means nothing under another secret', () => {
    expect(readPayToken('another-secret-that-is-long-enough-too', tokenOf(link))).toBeUndefined();
  });
});
