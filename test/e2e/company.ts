import type { World } from './world.ts';
import { Anything, expectReply, Invoice, Order, Shipment } from './world.ts';

/** A customer of the tests, with an address of its own for the mailbox. */
export async function openCustomer(
  world: World,
  customerId: string,
  terms: { creditLimit?: number; paymentTermDays?: number } = {},
): Promise<{ customerId: string; email: string }> {
  const email = `${customerId.replace('_', '-')}@example.com`;
  const sales = await world.as('admin');
  const body = {
    name: `Customer ${customerId}`,
    email,
    address: { lines: ['4 Sycamore Yard'], city: 'Bristol', postalCode: 'BS1 6XN', country: 'GB' },
    currency: 'GBP',
    paymentTermDays: terms.paymentTermDays ?? 30,
    creditLimit: terms.creditLimit ?? 500_000,
  };
  expectReply(await sales('PUT', `/v1/customers/${customerId}`, { body }), 201, Anything);
  return { customerId, email };
}

/** A product with some of it in stock. `price` in pence before 20 % tax. */
export async function stockUp(world: World, sku: string, price: number, quantity: number): Promise<void> {
  const admin = await world.as('admin');
  const product = { description: `Article ${sku}`, prices: { GBP: price } };
  expectReply(await admin('PUT', `/v1/products/${sku}`, { body: product }), 201, Anything);
  const opening = { quantity, reason: 'opening stock', reference: 'opening' };
  const key = `stock-${sku}`;
  const moved = await admin('POST', `/v1/products/${sku}/stock-movements`, { key, body: opening });
  expectReply(moved, 201, Anything);
}

/** Orders as the customer does, and waits until credit has decided. */
export async function order(
  world: World,
  customerId: string,
  key: string,
  lines: readonly { sku: string; quantity: number }[],
) {
  const customer = await world.as('customer', customerId);
  const placed = await customer('POST', '/v1/orders', { key, body: { currency: 'GBP', lines } });
  const { orderId, totals } = expectReply(placed, 201, Order);
  await world.run.quiesce();
  return { orderId, gross: totals.gross };
}

/** Ships what `lines` say, or all, and waits for the invoice. */
export async function ship(
  world: World,
  orderId: string,
  key: string,
  lines?: readonly { line: number; quantity: number }[],
) {
  const warehouse = await world.as('warehouse');
  const body = { carrier: 'Royal Mail', ...(lines && { lines }) };
  const shipped = await warehouse('POST', `/v1/orders/${orderId}/shipments`, { key, body });
  const { shipmentId, invoiceId } = expectReply(shipped, 201, Shipment);
  await world.run.quiesce();
  const { number, balance, dueOn } = await invoice(world, invoiceId);
  return { shipmentId, invoiceId, number, balance, dueOn };
}

/** The invoice as finance sees it. */
export async function invoice(world: World, invoiceId: string) {
  const finance = await world.as('finance');
  return expectReply(await finance('GET', `/v1/invoices/${invoiceId}`), 200, Invoice);
}

/** A bank transfer, allocated to one invoice. */
export async function transfer(
  world: World,
  key: string,
  { customerId, invoiceId, amount }: { customerId: string; invoiceId: string; amount: number },
) {
  const finance = await world.as('finance');
  const body = {
    customerId,
    method: 'bank_transfer',
    currency: 'GBP',
    amount,
    allocations: [{ invoiceId, amount }],
  };
  expectReply(await finance('POST', '/v1/payments', { key, body }), 201, Anything);
}

/** Subjects of the mails to an address, oldest first. */
export const subjectsTo = ({ run }: World, email: string): string[] =>
  run.mailbox
    .list({ to: email })
    .map(({ subject }) => subject)
    .reverse();
