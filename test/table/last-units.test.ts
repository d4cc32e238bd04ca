import { afterAll, beforeAll, expect, it } from 'vitest';
import { DomainError } from '#shared/kernel/errors.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { placeOrderActions } from '#shared/order/order-store.ts';
import { placeOrder } from '#shared/order/place-order.ts';
import { commitPlacement } from '#shared/order/placement-store.ts';
import { VerificationPolicy } from '#shared/order/verification-policy.ts';
import { keys } from '#shared/table/keys.ts';
import { shippedTaxPolicy } from '#shared/tax/shipped-tax-policy.ts';
import { aCompany } from '../builders/company.ts';
import { aCustomer, aProduct } from '../builders/customer.ts';
import { type Dynoxide, startDynoxide } from '../builders/dynoxide.ts';

const ORDERS = 120;

let server: Dynoxide;
beforeAll(async () => {
  server = await startDynoxide();
});
afterAll(() => server.stop());

it('the last 10 units go to exactly 10 of many orders placed at once, on a real server', async () => {
  const table = await server.newTable();
  const mug = aProduct({ sku: 'MUG-1' });
  const stock = { sku: mug.sku, onHand: 10, reserved: 0, available: 10, version: 1 };
  await table.write({ do: 'put', item: { ...keys.stock(mug.sku), ...stock } });
  const at = instant('2026-03-31T10:00:00.000Z');
  const context = {
    company: aCompany(),
    customer: aCustomer({ currency: 'GBP' }),
    products: new Map([[mug.sku, mug]]),
    tax: shippedTaxPolicy,
    verification: VerificationPolicy.parse({}),
    actor: 'race',
    mayAgreePrices: true,
    channel: 'api',
    at,
  } as const;
  const place = async (): Promise<string> => {
    const wanted = placeOrder(
      { currency: Currency.parse('GBP'), lines: [{ sku: mug.sku, quantity: 1, unitPrice: 100 }] },
      context,
    );
    try {
      await commitPlacement(
        table,
        wanted,
        { ...context, today: CalendarDate.parse('2026-03-31') },
        (placed) => placeOrderActions(placed.order, placed.lines, 'Europe/London'),
      );
      return 'accepted';
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  };
  const outcomes = await Promise.all(Array.from({ length: ORDERS }, place));
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === 'insufficient_stock')).toHaveLength(ORDERS - 10);
  expect(await table.get(keys.stock(mug.sku), { consistent: true })).toMatchObject({
    onHand: 10,
    reserved: 10,
    available: 0,
  });
}, 120_000);
