import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadInvoice } from '#shared/invoice/invoice-store.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { keys } from '#shared/table/keys.ts';
import { chunkActions } from '#shared/table/line-chunks.ts';
import { aCompany } from '../../builders/company.ts';
import { keepCustomer } from '../../builders/issued-invoices.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { anOrder, anOrderLine, aShipment, ORDER_ID, SHIPMENT_ID } from '../../builders/order.ts';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
const { handler } = await import('../../../functions/workflow/issue-invoice.ts');

const event = { orderId: ORDER_ID, data: { shipmentId: SHIPMENT_ID }, at: '2026-03-03T14:00:05Z' };

beforeEach(async () => {
  table = memoryTable();
  await keepCustomer(table);
  await table.transact([
    { do: 'put', item: { ...keys.order(ORDER_ID), ...anOrder({ status: 'shipped' }) } },
    ...chunkActions((chunk) => keys.orderLines(ORDER_ID, chunk), [anOrderLine()]),
    { do: 'put', item: { ...keys.shipment(ORDER_ID, SHIPMENT_ID), ...aShipment() } },
  ]);
});

describe('the task that issues an invoice', () => {
  it('answers with the invoice and its customer', async () => {
    const answer = {
      invoiceId: 'inv_01k0000000000000000000000b',
      number: 'INV-2026-000001',
      customerId: 'cus_harbour',
    };
    expect(await handler(event)).toEqual(answer);
    const invoice = await loadInvoice(table, InvoiceId.parse(answer.invoiceId));
    expect(invoice).toMatchObject({
      issuedAt: '2026-03-03T14:00:05.000Z',
      creditorReference: 'RF94INV2026000001',
      totals: { gross: 6_000 },
    });
  });

  it('answers the same when it runs again', async () => {
    const first = await handler(event);
    expect(await handler({ ...event, at: '2026-03-03T14:10:00.000Z' })).toEqual(first);
  });

  it('reads the calendar where the terms speak of business days', async () => {
    // 31 days after 3 March is Good Friday; Easter Monday is the 6th.
    const terms = { kind: 'net', days: 31, businessDays: 'following' };
    const key = keys.customer(CustomerId.parse('cus_harbour'));
    const customer = await table.get(key);
    await table.write({ do: 'put', item: { ...customer, ...key, terms } });
    await handler(event);
    const invoiceId = InvoiceId.parse('inv_01k0000000000000000000000b');
    expect(await loadInvoice(table, invoiceId)).toMatchObject({ dueOn: '2026-04-07', terms });
  });

  it('fails, for the workflow to try again, while the shipment is not to be seen', async () => {
    const shipmentId = 'shp_01k0000000000000000000000e';
    await expect(handler({ ...event, data: { shipmentId } })).rejects.toMatchObject({
      code: 'shipment_not_found',
    });
  });

  it('refuses an event that is none', async () => {
    await expect(handler({ ...event, orderId: 'x' })).rejects.toThrow('must be an id that starts with ord_');
  });
});
