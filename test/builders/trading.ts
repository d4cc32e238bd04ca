import type { Fact } from '#shared/fact/fact.ts';
import { newFact, react, request, type Served } from './house.ts';
import type { RequestOptions, Response } from './http-event.ts';
import { type MemoryTable, memoryTable } from './memory-table.ts';

/** A company at work: requests that must succeed, and whoever listens to what they record. */
export type Trading = {
  readonly table: MemoryTable;
  /** As {@link request}, under a key of its own; then everything that follows from it. */
  readonly ask: (operationId: Served, options?: RequestOptions) => Promise<Response>;
  /** As `ask`, and throws unless it succeeds. @returns the JSON answered */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into what JSON.parse gives
  readonly done: (operationId: Served, options?: RequestOptions) => Promise<any>;
};

/** Opens a company without customers or products. */
export function trading(): Trading {
  const table = memoryTable();
  const facts: Fact[] = [];
  let requests = 0;
  table.subscribe((change) => {
    const fact = newFact(change);
    if (fact) facts.push(fact);
  });
  const ask: Trading['ask'] = async (operationId, options = {}) => {
    requests++;
    const headers = { 'idempotency-key': `key-${requests}`, ...options.headers };
    const answer = await request(table, operationId, { ...options, headers });
    for (let fact = facts.shift(); fact; fact = facts.shift()) await react(table, fact);
    return answer;
  };
  const done: Trading['done'] = async (operationId, options) => {
    const answer = await ask(operationId, options);
    if (answer.status !== 200 && answer.status !== 201) throw new Error(`${operationId}: ${answer.text}`);
    return answer.json;
  };
  return { table, ask, done };
}

/**
 * GBP 12.50 mugs that cost 4.30, forty of them; four sold to Harbour Books and invoiced, GBP 50.00 and 10.00 tax.
 * @param at ISO instant of it all
 */
export async function sellFourMugs({ table, done }: Trading, at: string): Promise<string> {
  const customerId = 'cus_harbour';
  const customer = {
    name: 'Harbour Books',
    email: 'orders@harbour.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 100_000,
  };
  await done('putCustomer', { params: { customerId }, body: customer, at });
  const sku = 'MUG-1';
  const mug = { description: 'Mug, blue glaze', prices: { GBP: 1_250 }, costs: { GBP: 430 } };
  await done('putProduct', { params: { sku }, body: mug, at });
  await done('recordStockMovement', { params: { sku }, body: { quantity: 40, reason: 'received' }, at });
  const order = { customerId, currency: 'GBP', lines: [{ sku, quantity: 4 }] };
  const { orderId } = await done('placeOrder', { body: order, at });
  await done('createShipment', { params: { orderId }, body: {}, at });
  const [invoice] = table.items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'DOCUMENT');
  if (!invoice) throw new Error('the mugs were not invoiced');
  return invoice.PK;
}
