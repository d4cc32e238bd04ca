import { describe, expect, it } from 'vitest';
import { openCustomer, order, stockUp } from './company.ts';
import { Anything, expectReply, Order, Stock, type World } from './world.ts';

/** The same key is the same thing, however often and however fast it is sent. */
export function idempotency(world: () => World): void {
  describe('an idempotency key', () => {
    const body = { currency: 'GBP', lines: [{ sku: 'KEY-1', quantity: 3 }] };
    const stockOf = async (sku: string) => {
      const warehouse = await world().as('warehouse');
      return expectReply(await warehouse('GET', `/v1/products/${sku}`), 200, Stock).stock;
    };

    it('gives the same answer again, whatever became of the order since', async () => {
      await openCustomer(world(), 'cus_keys');
      await stockUp(world(), 'KEY-1', 1000, 100);
      const customer = await world().as('customer', 'cus_keys');
      const first = await customer('POST', '/v1/orders', { key: 'same', body });
      const { orderId } = expectReply(first, 201, Order);
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      await world().run.quiesce();

      const cancel = { key: 'cancel', body: { reason: 'Ordered twice.' } };
      const cancelled = await customer('POST', `/v1/orders/${orderId}/cancel`, cancel);
      expect(expectReply(cancelled, 200, Order).status).toBe('cancelled');

      const reordered = { lines: body.lines, currency: body.currency };
      const again = await customer('POST', '/v1/orders', { key: 'same', body: reordered });
      expect(again.status).toBe(201);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(again.body).toEqual(first.body);

      const cancelledAgain = await customer('POST', `/v1/orders/${orderId}/cancel`, cancel);
      expect(cancelledAgain).toMatchObject({ status: 200, body: cancelled.body });
      expect(await stockOf('KEY-1')).toEqual({ available: 100, onHand: 100, reserved: 0 });
    });

    it('is refused for another body, and for another path', async () => {
      const customer = await world().as('customer', 'cus_keys');
      const { orderId } = await order(world(), 'cus_keys', 'mine', [{ sku: 'KEY-1', quantity: 1 }]);
      const before = await world().dump();
      const other = { currency: 'GBP', lines: [{ sku: 'KEY-1', quantity: 4 }] };
      const reused = await customer('POST', '/v1/orders', { key: 'mine', body: other });
      expect(reused).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      const elsewhere = await customer('POST', `/v1/orders/${orderId}/cancel`, {
        key: 'mine',
        body: { reason: 'Changed my mind.' },
      });
      expect(elsewhere).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      const missing = await customer('POST', '/v1/orders', { body });
      expect(missing).toMatchObject({ status: 400, body: { code: 'idempotency_key_missing' } });
      expect(await world().dump()).toEqual(before);
    });

    it("of one caller says nothing about another's", async () => {
      await openCustomer(world(), 'cus_otherkeys');
      const other = await world().as('customer', 'cus_otherkeys');
      const answer = await other('POST', '/v1/orders', { key: 'mine', body });
      expectReply(answer, 201, Anything);
      expect(answer.headers.get('idempotency-replayed')).toBeNull();
    });

    it('makes one order of ten requests at once', async () => {
      await world().run.quiesce();
      const before = await stockOf('KEY-1');
      const customer = await world().as('customer', 'cus_keys');
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => customer('POST', '/v1/orders', { key: 'at-once', body })),
      );
      const placed = answers.filter(({ status }) => status === 201);
      const others = answers.filter(({ status }) => status !== 201);
      expect(others.map(({ status, body: problem }) => ({ status, problem }))).toEqual(
        others.map(() => ({ status: 409, problem: expect.objectContaining({ code: 'request_in_flight' }) })),
      );
      expect(new Set(placed.map(({ body: placedOrder }) => Order.parse(placedOrder).orderId)).size).toBe(1);
      expect(placed.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
      const after = await stockOf('KEY-1');
      expect(after).toEqual({ ...before, available: before.available - 3, reserved: before.reserved + 3 });
    });
  });
}
