import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openCustomer, stockUp, subjectsTo } from './company.ts';
import { Account, Anything, expectReply, Invoice, Order, Shipment, Stock, type World } from './world.ts';

const Timeline = z.looseObject({ items: z.array(z.looseObject({ type: z.string() })) });

/** One order by each step's own person, paid by the link in the mail. */
export function clickToCash(world: () => World): void {
  describe('an order goes from click to cash', () => {
    let orderId = '';
    let invoiceId = '';
    let payLink = '';
    let checkout = '';

    it('is priced, taxed and reserved when the customer places it', async () => {
      await openCustomer(world(), 'cus_juniper');
      await stockUp(world(), '85123A', 295, 600);
      await stockUp(world(), '22423', 1275, 120);
      const juniper = await world().as('customer', 'cus_juniper');
      const placed = await juniper('POST', '/v1/orders', {
        key: 'first-order',
        body: {
          currency: 'GBP',
          poNumber: 'PO-1001',
          lines: [
            { sku: '85123A', quantity: 24 },
            { sku: '22423', quantity: 2 },
          ],
        },
      });
      ({ orderId } = expectReply(placed, 201, Order));
      expect(placed.headers.get('location')).toBe(`/v1/orders/${orderId}`);
      expect(placed.body).toMatchObject({
        status: 'placed',
        customerId: 'cus_juniper',
        lines: [
          { line: 1, sku: '85123A', quantity: 24, unitPrice: 295, net: 7080 },
          { line: 2, sku: '22423', quantity: 2, unitPrice: 1275, net: 2550 },
        ],
        totals: { net: 9630, tax: 1926, gross: 11_556 },
        links: { self: `/v1/orders/${orderId}`, timeline: `/v1/orders/${orderId}/timeline` },
      });
      const warehouse = await world().as('warehouse');
      const { stock } = expectReply(await warehouse('GET', '/v1/products/85123A'), 200, Stock);
      expect(stock).toEqual({ available: 576, onHand: 600, reserved: 24 });
    });

    it('is confirmed within the credit limit, with one mail', async () => {
      await world().run.quiesce();
      const juniper = await world().as('customer', 'cus_juniper');
      const { status } = expectReply(await juniper('GET', `/v1/orders/${orderId}`), 200, Order);
      expect(status).toBe('confirmed');
      const { account } = expectReply(await juniper('GET', '/v1/customers/cus_juniper'), 200, Account);
      expect(account).toEqual({ exposure: 11_556, receivable: 0, available: 488_444 });
      expect(subjectsTo(world(), 'cus-juniper@example.com')).toEqual(['Order PO-1001 confirmed']);
    });

    it('is shipped, and invoiced with a PDF, due in thirty days', async () => {
      const warehouse = await world().as('warehouse');
      const shipped = await warehouse('POST', `/v1/orders/${orderId}/shipments`, {
        key: 'first-shipment',
        body: { carrier: 'Royal Mail', trackingNumber: 'RM100000001GB' },
      });
      ({ invoiceId } = expectReply(shipped, 201, Shipment));
      await world().run.quiesce();

      const finance = await world().as('finance');
      const issued = await finance('GET', `/v1/invoices/${invoiceId}`);
      expect(issued.body).toMatchObject({
        number: 'INV-2026-000001',
        issuedOn: '2026-03-02',
        dueOn: '2026-04-01',
        status: 'open',
        balance: 11_556,
      });
      expect(subjectsTo(world(), 'cus-juniper@example.com').slice(1).sort()).toEqual([
        'Invoice INV-2026-000001 from Albion Gifts',
        'Order PO-1001 is on its way',
      ]);
      const summary = world()
        .run.mailbox.list({ to: 'cus-juniper@example.com' })
        .find(({ subject }) => subject.startsWith('Invoice'));
      const mail = await world().run.mailbox.get(summary?.id ?? '');
      expect(mail?.attachments.map(({ name, type }) => `${name} ${type}`)).toEqual([
        'INV-2026-000001.pdf application/pdf',
      ]);
      expect(mail?.attachments[0]?.content.subarray(0, 5).toString()).toBe('%PDF-');
      payLink = /https?:\/\/\S+\/pay\/[\w.~-]+/.exec(mail?.text ?? '')?.[0] ?? '';
      expect(payLink).toContain(world().run.url);
    });

    it("is paid on the provider's page, which the mail's link leads to", async () => {
      const leading = await fetch(payLink, { redirect: 'manual' });
      expect(leading.status).toBe(303);
      checkout = leading.headers.get('location') ?? '';
      const page = await (await fetch(checkout)).text();
      expect(page).toContain('INV-2026-000001');
      expect(page).toContain('115.56');

      expect((await press('decline')).status).toBe(200);
      expect((await press('pay')).status).toBe(303);
      await world().run.quiesce();
      const finance = await world().as('finance');
      const paid = expectReply(await finance('GET', `/v1/invoices/${invoiceId}`), 200, Invoice);
      expect(paid).toMatchObject({ status: 'paid', balance: 0 });
      const { account } = expectReply(await finance('GET', '/v1/customers/cus_juniper'), 200, Account);
      expect(account).toEqual({ exposure: 0, receivable: 0, available: 500_000 });
      expect(await (await fetch(payLink)).text()).toContain('INV-2026-000001');
    });

    it('is paid once, however often the provider tells of it', async () => {
      const again = await Promise.all(Array.from({ length: 5 }, () => press('pay')));
      expect(again.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
      await world().run.quiesce();
      const finance = await world().as('finance');
      const payments = await finance('GET', '/v1/payments?customerId=cus_juniper');
      expect(payments.body).toMatchObject({ items: [{ amount: 11_556, unapplied: 0, method: 'card' }] });
    });

    it('is not paid by a webhook that the provider did not sign', async () => {
      const before = await world().dump();
      const event = JSON.stringify({
        id: 'evt_forged',
        type: 'payment.succeeded',
        created: world().run.clock.now(),
        data: { paymentId: 'sbx_forged', invoiceId, amount: 1, currency: 'GBP' },
      });
      const nobody = await world().as('nobody');
      const now = Math.floor(Date.parse(world().run.clock.now()) / 1000);
      for (const signature of ['', 't=1,v1=00', `t=${now},v1=${'0'.repeat(64)}`]) {
        const answer = await nobody('POST', '/webhooks/payments/sandbox', {
          raw: event,
          headers: signature === '' ? {} : { 'sandbox-signature': signature },
        });
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({ code: 'signature_invalid' });
      }
      expect(await world().dump()).toEqual(before);
    });

    it('can be followed in its timeline, by its customer only', async () => {
      const juniper = await world().as('customer', 'cus_juniper');
      const { items } = expectReply(await juniper('GET', `/v1/orders/${orderId}/timeline`), 200, Timeline);
      const types = items.map(({ type }) => type);
      const onItsWay = ['invoice.sent', 'invoice.delivered'];
      // The mail service has a clock of its own.
      expect(types.filter((type) => !onItsWay.includes(type))).toEqual([
        'order.placed',
        'order.confirmed',
        'shipment.dispatched',
        'invoice.issued',
      ]);
      expect(types).toEqual(expect.arrayContaining(onItsWay));
      await openCustomer(world(), 'cus_finch');
      const finch = await world().as('customer', 'cus_finch');
      const foreign = [
        `/v1/orders/${orderId}`,
        `/v1/orders/${orderId}/timeline`,
        `/v1/orders/${orderId}/shipments`,
        `/v1/invoices/${invoiceId}`,
        '/v1/customers/cus_juniper',
      ];
      for (const path of foreign) {
        const answer = await finch('GET', path);
        expect({ path, status: answer.status }).toEqual({ path, status: 404 });
        expect(JSON.stringify(answer.body)).not.toContain('juniper');
      }
      const own = await finch('GET', '/v1/orders');
      expect(expectReply(own, 200, Anything)).toMatchObject({ items: [] });
    });

    function press(action: 'pay' | 'decline'): Promise<Response> {
      const body = new URLSearchParams({ action });
      return fetch(checkout, { method: 'POST', body, redirect: 'manual' });
    }
  });
}
