import { expect, it } from 'vitest';
import type { Fact } from '#shared/fact/fact.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { newFact, react, request } from '../builders/house.ts';
import { memoryTable } from '../builders/memory-table.ts';
import { Business } from './business.ts';

it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
  'a long order whose acceptance runs twice while goods come back has all of them or none (pause %i)',
  async (pause) => {
    const at = '2026-03-03T09:00:00.000Z';
    const skus = Array.from({ length: 96 }, (_, index) => `PEN-${index + 1}`);
    const table = memoryTable(await Business.opening(skus));
    const facts: Fact[] = [];
    table.subscribe((change) => {
      const fact = newFact(change);
      if (fact) facts.push(fact);
    });
    const move = (key: string, quantity: number) =>
      request(table, 'recordStockMovement', {
        params: { sku: 'PEN-96' },
        at,
        body: { quantity, reason: 'counted' },
        headers: { 'idempotency-key': key },
      });
    await move('lost', -25);
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    await request(table, 'placeOrder', {
      at,
      body: { customerId: 'cus_harbour', currency: 'EUR', lines },
      headers: { 'idempotency-key': 'order' },
    });
    const placed = facts.find(({ type }) => type === 'order.placed');
    if (!placed) throw new Error('no order was placed');

    let calls = 0;
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = react(
      table.client(async () => {
        calls++;
        if (calls >= pause) await gate;
      }),
      placed,
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    await move('found', 25);
    await react(table.client(), placed);
    goOn();
    await slow;
    for (const fact of facts) await react(table.client(), fact);
    expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
  },
);
