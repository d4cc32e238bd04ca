import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import type { Item } from '#shared/table/table.ts';
import { newFact, react, request, type Served } from './house.ts';
import { memoryTable } from './memory-table.ts';

const address = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };

export const harbour = CustomerId.parse('cus_harbour');
export const okafor = CustomerId.parse('cus_okafor');
export const names = { [harbour]: 'Harbour Books Ltd', [okafor]: 'Okafor & Daughters' };

/**
 * A table in which Harbour owes all invoices but the last and Okafor that one, GBP 60.00 each, as the functions made it
 * on 31 March 2026.
 * @param over what the `n`-th order says besides
 * @returns its items, and the invoices in the order they were issued
 */
export async function owingCustomers(
  count = 3,
  over: (n: number) => object = () => ({}),
): Promise<{ items: Item[]; invoices: InvoiceId[] }> {
  const table = memoryTable();
  const facts: ReturnType<typeof newFact>[] = [];
  table.subscribe((change) => facts.push(newFact(change)));
  let requests = 0;
  const done = async (operationId: Served, params: Record<string, string>, body: unknown) => {
    const headers = { 'idempotency-key': `opening-${++requests}` };
    // A second apart, so that ids sort as things came about.
    const at = new Date(Date.parse('2026-03-31T10:00:00.000Z') + requests * 1000).toISOString();
    const answer = await request(table, operationId, { params, body, headers, at });
    if (answer.status !== 200 && answer.status !== 201) throw new Error(`${operationId}: ${answer.text}`);
    while (facts.length > 0) {
      const fact = facts.shift();
      if (fact) await react(table, fact);
    }
    return answer.json;
  };
  for (const customerId of [harbour, okafor]) {
    const customer = { name: names[customerId], email: 'a@b.example', address, currency: 'GBP' };
    await done('putCustomer', { customerId }, { ...customer, creditLimit: 500_000 });
  }
  await done('putProduct', { sku: 'MUG-1' }, { description: 'Mug', prices: { GBP: 1_250 } });
  await done('recordStockMovement', { sku: 'MUG-1' }, { quantity: 500, reason: 'received' });
  const invoices: InvoiceId[] = [];
  for (let n = 1; n <= count; n++) {
    const customerId = n < count ? harbour : okafor;
    const lines = [{ sku: 'MUG-1', quantity: 4 }];
    const order = { customerId, currency: 'GBP', poNumber: `OPENING-${n}`, lines, ...over(n) };
    const { orderId } = await done('placeOrder', {}, order);
    await done('createShipment', { orderId }, { lines: [{ line: 1, quantity: 4 }] });
    const found = table.items(({ PK, SK }) => SK === 'OPEN' && !invoices.includes(InvoiceId.parse(PK)));
    invoices.push(...found.map(({ PK }) => InvoiceId.parse(PK)));
  }
  return { items: table.items(), invoices };
}
