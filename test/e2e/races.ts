import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openCustomer, stockUp } from './company.ts';
import { Account, expectReply, Order, Stock, type World } from './world.ts';

const Orders = z.looseObject({ items: z.array(Order) });

/** Many want what there is too little of. */
export function races(world: () => World): void {
  describe('a race', () => {
    it('for the last ten units of sixty orders is won by exactly ten', async () => {
      await openCustomer(world(), 'cus_racer');
      await stockUp(world(), 'LAST-10', 100, 10);
      const racer = await world().as('customer', 'cus_racer');
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          racer('POST', '/v1/orders', {
            key: `stock-race-${index}`,
            body: { currency: 'GBP', lines: [{ sku: 'LAST-10', quantity: 1 }] },
          }),
        ),
      );
      const outcomes = answers.map(({ status, body }) =>
        status === 201 ? 'placed' : z.looseObject({ code: z.string() }).parse(body).code,
      );
      expect(outcomes.filter((outcome) => outcome === 'placed')).toHaveLength(10);
      expect(outcomes.filter((outcome) => outcome === 'insufficient_stock')).toHaveLength(50);
      await world().run.quiesce();
      const warehouse = await world().as('warehouse');
      const { stock } = expectReply(await warehouse('GET', '/v1/products/LAST-10'), 200, Stock);
      expect(stock).toEqual({ available: 0, onHand: 10, reserved: 10 });
    });

    it('of twenty orders for credit that is enough for seven confirms exactly seven and holds the others', async () => {
      // £10 before and £12 after tax each; £90 is enough for seven and a half.
      await openCustomer(world(), 'cus_sevenfold', { creditLimit: 9000 });
      await stockUp(world(), 'CREDIT-7', 1000, 100);
      const customer = await world().as('customer', 'cus_sevenfold');
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          customer('POST', '/v1/orders', {
            key: `credit-race-${index}`,
            body: { currency: 'GBP', poNumber: `RACE-${index}`, lines: [{ sku: 'CREDIT-7', quantity: 1 }] },
          }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
      await world().run.quiesce();

      const { items } = expectReply(await customer('GET', '/v1/orders?limit=100'), 200, Orders);
      const statuses = items.map(({ status }) => status);
      expect(statuses.filter((status) => status === 'confirmed')).toHaveLength(7);
      expect(statuses.filter((status) => status === 'held')).toHaveLength(13);
      const { account } = expectReply(await customer('GET', '/v1/customers/cus_sevenfold'), 200, Account);
      expect(account).toEqual({ exposure: 8400, receivable: 0, available: 600 });
    });
  });
}
