import { describe, expect, it } from 'vitest';
import { changeCustomer } from '#shared/customer/change-customer.ts';
import { CustomerInput } from '#shared/customer/customer.ts';
import { firstChannel, nextChannel } from '#shared/delivery/plan-delivery.ts';
import { InvoiceDelivery } from '#shared/delivery/preference.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { aCustomer } from '#test/builders/customer.ts';

const peppolId = { scheme: '0088', id: '5060012345678' };
const webhook = {
  by: 'webhook',
  url: 'https://erp.harbour.example/invoices',
  format: 'ubl',
  secretVersion: 1,
} as const;

describe('the way an invoice takes', () => {
  it('is mail to the address on it, unless the customer said otherwise', () => {
    expect(firstChannel(aCustomer(), 'old@harbour.example')).toEqual({
      by: 'mail',
      to: 'old@harbour.example',
    });
    const wanted = aCustomer({ invoiceDelivery: { by: 'mail', xml: 'xrechnung' } });
    expect(firstChannel(wanted, 'old@harbour.example')).toMatchObject({ xml: 'xrechnung' });
    expect(firstChannel(aCustomer({ invoiceDelivery: webhook }), 'old@harbour.example')).toEqual(webhook);
    expect(
      firstChannel(aCustomer({ invoiceDelivery: { by: 'peppol' }, peppolId }), 'old@harbour.example'),
    ).toEqual({ by: 'peppol', to: peppolId });
  });

  it('the second time is to the address the customer has by then, or to the one named', () => {
    expect(nextChannel(aCustomer(), {})).toEqual({ by: 'mail', to: 'orders@harbour.example' });
    const byWebhook = aCustomer({ invoiceDelivery: webhook });
    expect(nextChannel(byWebhook, {})).toEqual(webhook);
    expect(nextChannel(byWebhook, { email: 'cfo@harbour.example' })).toEqual({
      by: 'mail',
      to: 'cfo@harbour.example',
    });
    expect(nextChannel(aCustomer({ peppolId }), { by: 'peppol' })).toEqual({ by: 'peppol', to: peppolId });
  });

  it('is refused where the customer has no such way', () => {
    const refusal = { code: 'validation_failed' };
    expect(() => nextChannel(aCustomer(), { by: 'peppol' })).toThrow(expect.objectContaining(refusal));
    expect(() => nextChannel(aCustomer(), { by: 'webhook' })).toThrow(expect.objectContaining(refusal));
    expect(() =>
      nextChannel(aCustomer({ peppolId }), { by: 'peppol', email: 'cfo@harbour.example' }),
    ).toThrow(expect.objectContaining(refusal));
  });
});

describe('what a customer may want', () => {
  it.each([
    'http://erp.harbour.example/invoices',
    'https://user:secret@erp.harbour.example/',
    'https://erp.harbour.example/#part',
    'file:///etc/passwd',
    'erp.harbour.example',
  ])('is no webhook at %s', (url) => {
    expect(InvoiceDelivery.safeParse({ ...webhook, url }).success).toBe(false);
  });

  it('is Peppol only with a Peppol id', () => {
    const { customerId: _id, version: _version, ...input } = aCustomer();
    const wanted = CustomerInput.parse({ ...input, invoiceDelivery: { by: 'peppol' } });
    const id = CustomerId.parse('cus_harbour');
    expect(() => changeCustomer(undefined, id, wanted)).toThrow(/Peppol id/);
    expect(changeCustomer(undefined, id, { ...wanted, peppolId })?.peppolId).toEqual(peppolId);
  });
});
