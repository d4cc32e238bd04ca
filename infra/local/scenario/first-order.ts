import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { ApiClient } from '../api-client.ts';
import type { LocalClient } from '../local-client.ts';

/** Tells one step: what happened and where to look. */
export type Narrate = (step: string, what: string, where: string) => void;

/** Who orders in the demo company. */
export const DEMO_CUSTOMER = 'cus_juniper';
const customer = {
  name: 'Juniper & Finch Ltd',
  email: 'buying@juniper-finch.example',
  address: { lines: ['4 Sycamore Yard'], city: 'Bristol', postalCode: 'BS1 6XN', country: 'GB' },
  currency: 'GBP',
  paymentTermDays: 30,
  creditLimit: 500_000,
};
const products = [
  { sku: '85123A', description: 'White hanging heart t-light holder', price: 295, stock: 600 },
  { sku: '22423', description: 'Regency cake stand, three tiers', price: 1275, stock: 120 },
  { sku: '47566', description: 'Party bunting', price: 495, stock: 300 },
];

const Order = z.looseObject({
  orderId: z.string(),
  status: z.string(),
  totals: z.looseObject({ net: z.int(), tax: z.int(), gross: z.int() }),
});
const Shipment = z.looseObject({ shipmentId: z.string(), invoiceId: z.string() });
const Invoice = z.looseObject({
  number: z.string(),
  dueOn: z.string(),
  balance: z.int(),
  payUrl: z.string().optional(),
});
const Anything = z.looseObject({});

const pounds = (pence: number) => `£${(pence / 100).toFixed(2)}`;

/** Customer, prices and stock of the demo company. Doing it again changes nothing. */
export async function loadDemoCompany(base: string, local: LocalClient, narrate: Narrate): Promise<void> {
  const admin = new ApiClient(base, await local.token('admin'));
  await admin.put(`/v1/customers/${DEMO_CUSTOMER}`, customer);
  for (const { sku, description, price, stock } of products) {
    await admin.put(`/v1/products/${sku}`, { description, prices: { GBP: price } });
    const movement = { quantity: stock, reason: 'opening stock', reference: 'opening' };
    await admin
      .post(`/v1/products/${sku}/stock-movements`, `demo-stock-${sku}`, movement, Anything)
      .catch(alreadyBooked);
  }
  narrate(
    'company',
    `a customer with ${pounds(customer.creditLimit)} credit, ${products.length} products in stock`,
    '/v1/products/85123A',
  );
}

function alreadyBooked(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'stock_reference_reused')) throw error;
}

/** One order from click to cash, each step by who does it in real life. */
export async function firstOrder(base: string, local: LocalClient, narrate: Narrate): Promise<void> {
  const as = async (role: string, of?: string) => new ApiClient(base, await local.token(role, of));
  const [buyer, warehouse, finance] = await Promise.all([
    as('customer', DEMO_CUSTOMER),
    as('warehouse'),
    as('finance'),
  ]);

  const lines = [
    { sku: '85123A', quantity: 24 },
    { sku: '22423', quantity: 2 },
  ];
  const placed = await buyer.post(
    '/v1/orders',
    'first-order',
    { currency: 'GBP', poNumber: 'PO-1001', lines },
    Order,
  );
  const { orderId, totals } = placed;
  narrate(
    'ordered',
    `${pounds(totals.net)} and ${pounds(totals.tax)} tax; 26 units reserved`,
    `/v1/orders/${orderId}`,
  );

  await local.quiesce();
  const confirmed = await buyer.get(`/v1/orders/${orderId}`, Order);
  narrate(confirmed.status, 'credit assessed and claimed, the customer has a mail', '/_local/mailbox');

  const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM100000001GB' };
  const shipment = await warehouse.post(
    `/v1/orders/${orderId}/shipments`,
    'first-shipment',
    parcel,
    Shipment,
  );
  narrate(
    'shipped',
    'everything, in one parcel RM100000001GB; the stock has left',
    `/v1/orders/${orderId}/shipments`,
  );

  await local.quiesce();
  const invoice = await finance.get(`/v1/invoices/${shipment.invoiceId}`, Invoice);
  narrate(
    'invoiced',
    `${invoice.number} over ${pounds(invoice.balance)}, due ${invoice.dueOn}; PDF in the mail`,
    '/_local/mailbox',
  );

  await payOnline(base, await payLinkInMail(local, invoice.number));
  await local.quiesce();
  const paid = await finance.get(`/v1/invoices/${shipment.invoiceId}`, Invoice);
  narrate(
    'paid',
    `by the mail's "Pay now" link at the sandbox provider; ${pounds(paid.balance)} left`,
    `/v1/invoices/${shipment.invoiceId}`,
  );

  await local.advanceTo(nextMorning(await local.now()));
  await local.quiesce();
  const report = (await local.mails())[0];
  narrate('reported', `finance has: ${report?.subject ?? 'no mail'}`, '/_local/mailbox');
}

/** The "Pay now" link as the customer finds it in the invoice's mail. */
async function payLinkInMail(local: LocalClient, invoiceNumber: string): Promise<string> {
  const mail = (await local.mails()).find(({ subject }) => subject.includes(invoiceNumber));
  if (!mail) throw new Error(`no mail about invoice ${invoiceNumber} in the mailbox`);
  const link = /https?:\/\/\S+\/pay\/[\w.~-]+/.exec(await local.mailText(mail.id))?.[0];
  if (!link) throw new Error(`the mail about invoice ${invoiceNumber} has no "Pay now" link`);
  return link;
}

/** Follows the link to the provider's hosted page and presses Pay there. */
async function payOnline(base: string, link: string): Promise<void> {
  const page = await fetch(new URL(link, base));
  const html = await page.text();
  if (!page.ok) throw new Error(`${link}: ${page.status} ${html}`);
  const answer = await fetch(page.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'action=pay',
    redirect: 'manual',
  });
  if (answer.status >= 400) throw new Error(`${page.url}: ${answer.status} ${await answer.text()}`);
  // A person would read the page; the webhook is on its way meanwhile.
  await pause(50);
}

/** Seven in the morning, UTC, of the day after `now`: past the report's time wherever the company is in Europe. */
function nextMorning(now: string): string {
  const day = new Date(Date.parse(now) + 86_400_000).toISOString().slice(0, 10);
  return `${day}T07:00:00.000Z`;
}
