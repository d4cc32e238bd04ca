import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { invoice, openCustomer, order, ship, stockUp, subjectsTo } from './company.ts';
import { Account, Anything, expectReply, Order, Stock, type World } from './world.ts';

const Held = z.looseObject({
  items: z.array(
    z.looseObject({ orderId: z.string(), reasons: z.array(z.looseObject({ code: z.string() })) }),
  ),
});
const Return = z.looseObject({ returnId: z.string() });
const CounterSale = z.looseObject({
  orderId: z.string(),
  invoice: z.looseObject({ invoiceId: z.string(), number: z.string() }),
});

/** What people decide when an order does not go straight through. */
export function exceptions(world: () => World): void {
  describe('when an order does not go straight through', () => {
    const statusOf = async (orderId: string) => {
      const sales = await world().as('sales');
      return expectReply(await sales('GET', `/v1/orders/${orderId}`), 200, Order).status;
    };
    const accountOf = async (customerId: string) => {
      const finance = await world().as('finance');
      return expectReply(await finance('GET', `/v1/customers/${customerId}`), 200, Account).account;
    };
    const stockOf = async (sku: string) => {
      const warehouse = await world().as('warehouse');
      return expectReply(await warehouse('GET', `/v1/products/${sku}`), 200, Stock).stock;
    };

    it('credit finds it in its queue with the reason, and releases it', async () => {
      await openCustomer(world(), 'cus_overlimit', { creditLimit: 5000 });
      await stockUp(world(), 'EXC-1', 1000, 100);
      const { orderId } = await order(world(), 'cus_overlimit', 'too-much', [{ sku: 'EXC-1', quantity: 5 }]);
      expect(await statusOf(orderId)).toBe('held');
      const credit = await world().as('credit');
      const { items } = expectReply(await credit('GET', '/v1/queues/held-orders'), 200, Held);
      expect(items.find((item) => item.orderId === orderId)?.reasons).toEqual([
        expect.objectContaining({ code: 'credit_limit_exceeded' }),
      ]);

      const warehouse = await world().as('warehouse');
      const early = await warehouse('POST', `/v1/orders/${orderId}/shipments`, {
        key: 'too-early',
        body: {},
      });
      expect(early).toMatchObject({ status: 409, body: { code: 'order_not_shippable' } });

      const release = { key: 'release', body: { reason: 'Paid in advance by cheque.' } };
      expectReply(await credit('POST', `/v1/orders/${orderId}/release`, release), 200, Anything);
      await world().run.quiesce();
      expect(await statusOf(orderId)).toBe('confirmed');
      expect(await accountOf('cus_overlimit')).toMatchObject({ exposure: 6000, available: -1000 });
      const replay = await credit('POST', `/v1/orders/${orderId}/release`, release);
      expect(replay.headers.get('idempotency-replayed')).toBe('true');
      expect(subjectsTo(world(), 'cus-overlimit@example.com')).toEqual([
        `Order ${orderId} is being reviewed`,
        `Order ${orderId} confirmed`,
      ]);
    });

    it('cancelling it gives stock and credit back', async () => {
      await openCustomer(world(), 'cus_canceller');
      await stockUp(world(), 'EXC-2', 1000, 10);
      const { orderId } = await order(world(), 'cus_canceller', 'mistake', [{ sku: 'EXC-2', quantity: 4 }]);
      expect(await stockOf('EXC-2')).toEqual({ available: 6, onHand: 10, reserved: 4 });
      expect(await accountOf('cus_canceller')).toMatchObject({ exposure: 4800 });

      const customer = await world().as('customer', 'cus_canceller');
      const cancel = { key: 'cancel', body: { reason: 'Ordered by mistake.' } };
      expectReply(await customer('POST', `/v1/orders/${orderId}/cancel`, cancel), 200, Anything);
      await world().run.quiesce();
      expect(await stockOf('EXC-2')).toEqual({ available: 10, onHand: 10, reserved: 0 });
      expect(await accountOf('cus_canceller')).toMatchObject({ exposure: 0 });
      const again = await customer('POST', `/v1/orders/${orderId}/cancel`, {
        ...cancel,
        key: 'cancel-again',
      });
      expect(again).toMatchObject({ status: 409, body: { code: 'order_not_cancellable' } });
      expect(subjectsTo(world(), 'cus-canceller@example.com')).toEqual([
        `Order ${orderId} confirmed`,
        `Order ${orderId} cancelled`,
      ]);
    });

    it('two parcels are two invoices that add up to the order', async () => {
      await openCustomer(world(), 'cus_parcels');
      await stockUp(world(), 'EXC-3', 333, 100);
      const placed = await order(world(), 'cus_parcels', 'parcels', [{ sku: 'EXC-3', quantity: 7 }]);
      expect(placed.gross).toBe(2797);
      const first = await ship(world(), placed.orderId, 'parcel-1', [{ line: 1, quantity: 2 }]);
      expect(await statusOf(placed.orderId)).toBe('partly_shipped');
      const warehouse = await world().as('warehouse');
      const excess = await warehouse('POST', `/v1/orders/${placed.orderId}/shipments`, {
        key: 'parcel-excess',
        body: { lines: [{ line: 1, quantity: 6 }] },
      });
      expect(excess).toMatchObject({ status: 409, body: { code: 'shipment_exceeds_order' } });
      const rest = await ship(world(), placed.orderId, 'parcel-2');
      expect(await statusOf(placed.orderId)).toBe('shipped');
      expect([first.balance, rest.balance]).toEqual([799, 1998]);
      expect(await accountOf('cus_parcels')).toMatchObject({ exposure: 2797, receivable: 2797 });
      expect(await stockOf('EXC-3')).toEqual({ available: 93, onHand: 93, reserved: 0 });
    });

    it('a dispute stops the reminders until it is settled', async () => {
      await openCustomer(world(), 'cus_disputant');
      await stockUp(world(), 'EXC-4', 1000, 10);
      const { orderId } = await order(world(), 'cus_disputant', 'broken', [{ sku: 'EXC-4', quantity: 2 }]);
      const { invoiceId } = await ship(world(), orderId, 'broken-parcel');
      const customer = await world().as('customer', 'cus_disputant');
      const objection = { key: 'dispute', body: { reason: 'One of two arrived broken.' } };
      expectReply(await customer('POST', `/v1/invoices/${invoiceId}/dispute`, objection), 200, Anything);
      expect((await invoice(world(), invoiceId)).status).toBe('disputed');
      const finance = await world().as('finance');
      const settle = { key: 'settle', body: { resolution: 'The carrier pays for it.' } };
      expectReply(await finance('POST', `/v1/invoices/${invoiceId}/dispute/resolve`, settle), 200, Anything);
      expect((await invoice(world(), invoiceId)).status).toBe('open');
    });

    it('what is sold over the counter is done with at once, and only its invoice is mailed', async () => {
      const { email } = await openCustomer(world(), 'cus_walkin', { creditLimit: 0 });
      await stockUp(world(), 'EXC-6', 1000, 3);
      const sales = await world().as('sales');
      const lines = [{ sku: 'EXC-6', quantity: 2 }];
      const sale = { customerId: 'cus_walkin', currency: 'GBP', lines, method: 'cash' };
      const sell = (key: string) => sales('POST', '/v1/counter-sales', { key, body: sale });
      const { orderId, invoice: issued } = expectReply(await sell('counter-1'), 201, CounterSale);
      await world().run.quiesce();
      expect(await statusOf(orderId)).toBe('shipped');
      expect(await invoice(world(), issued.invoiceId)).toMatchObject({ status: 'paid', balance: 0 });
      expect(await accountOf('cus_walkin')).toMatchObject({ exposure: 0, receivable: 0 });
      expect(await stockOf('EXC-6')).toEqual({ available: 1, onHand: 1, reserved: 0 });
      expect(await sell('counter-2')).toMatchObject({ status: 409, body: { code: 'insufficient_stock' } });
      expect(subjectsTo(world(), email)).toEqual([`Invoice ${issued.number} from Albion Gifts`]);
    });

    it('goods taken back are credited with a PDF, and put on the shelf', async () => {
      await openCustomer(world(), 'cus_returner');
      await stockUp(world(), 'EXC-5', 1000, 10);
      const { orderId } = await order(world(), 'cus_returner', 'regretted', [{ sku: 'EXC-5', quantity: 3 }]);
      const { invoiceId } = await ship(world(), orderId, 'regretted-parcel');
      const support = await world().as('support');
      const body = {
        customerId: 'cus_returner',
        reference: 'RMA-17',
        reason: 'The wrong colour.',
        invoiceId,
        lines: [{ sku: 'EXC-5', quantity: 1 }],
      };
      const taken = await support('POST', '/v1/returns', { key: 'return', body });
      const { returnId } = expectReply(taken, 201, Return);
      await world().run.quiesce();
      expect((await invoice(world(), invoiceId)).balance).toBe(2400);
      expect(await accountOf('cus_returner')).toMatchObject({ exposure: 2400, receivable: 2400 });
      expect(await stockOf('EXC-5')).toEqual({ available: 8, onHand: 8, reserved: 0 });

      const shown = await support('GET', `/v1/returns/${returnId}`);
      expect(shown.body).toMatchObject({ unapplied: 0, creditNote: { number: 'CN-2026-000001' } });
      const mail = world()
        .run.mailbox.list({ to: 'cus-returner@example.com' })
        .filter(({ subject }) => subject.startsWith('Credit note'));
      expect(mail.map(({ subject, attachments }) => ({ subject, attachments }))).toEqual([
        { subject: 'Credit note CN-2026-000001 from Albion Gifts', attachments: 1 },
      ]);
      const tooMany = { ...body, reference: 'RMA-18', lines: [{ sku: 'EXC-5', quantity: 3 }] };
      const excess = await support('POST', '/v1/returns', { key: 'return-2', body: tooMany });
      expect(excess).toMatchObject({ status: 409, body: { code: 'return_exceeds_invoice' } });
    });
  });
}
