import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { AdviceId, CustomerId, PaymentId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { loadOpenAdvices, useAdvice } from '#shared/remittance/advice-store.ts';
import { commit } from '#shared/table/commit.ts';
import { aCompany } from '#test/builders/company.ts';
import { type RequestOptions, send } from '#test/builders/http-event.ts';
import { anInvoice, anOpenItem, INVOICE_ID } from '#test/builders/invoice.ts';
import { memoryTable } from '#test/builders/memory-table.ts';
import { openInvoice } from '#test/builders/open-invoice.ts';
import { oweOneInvoice } from '#test/builders/owed-invoice.ts';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));

const remittances = await import('../../../functions/http/remittances.ts');

const finance = { name: 'finance@example.com', roles: ['finance'] } as const;
const customer = { name: 'buyer', roles: ['customer'], customerId: 'cus_harbour' } as const;
const stranger = { roles: ['customer'], customerId: 'cus_other' } as const;
const day = (text: string) => CalendarDate.parse(text);
const PAYMENT_ID = PaymentId.parse('pay_01kr0a4c6e8g0j2k4m6n8q0s2v');

beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await oweOneInvoice(table);
});

const request = {
  currency: 'GBP',
  paymentReference: 'HARBOUR 4711',
  paidOn: '2026-04-02',
  total: 5_880,
  invoices: [{ number: anInvoice().number, amount: 5_880 }],
};
const post = (body: unknown, options: RequestOptions = {}) =>
  send(remittances.handler, 'adviseRemittance', {
    as: customer,
    body,
    headers: { 'idempotency-key': 'k-1' },
    ...options,
  });
const upload = (body: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  send(remittances.handler, 'importRemittance', {
    as: customer,
    body,
    query: { currency: 'GBP', ...query },
    headers: { 'idempotency-key': 'k-1', 'content-type': 'text/csv', ...headers },
  });
const open = (on: string, customerId?: string) =>
  loadOpenAdvices(table, {
    on: day(on),
    customerId: customerId === undefined ? undefined : CustomerId.parse(customerId),
  });

/** What the auditor finds wrong with advices; the table of these tests has no orders. */
const faults = async () =>
  (await checkInvariants(table.items())).violations
    .map(({ detail }) => detail)
    .filter((detail) => detail.includes('adv_'));

describe('a remittance advice', () => {
  it('is found by the matching until 60 days after it is paid', async () => {
    const answer = await post(request);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      customerId: 'cus_harbour',
      status: 'open',
      source: 'api',
      total: 5_880,
      invoices: [{ invoiceId: INVOICE_ID, number: 'INV-2026-000001', amount: 5_880 }],
      expiresOn: '2026-06-01',
    });
    const { adviceId } = answer.json;
    const advice = {
      adviceId,
      customerId: 'cus_harbour',
      currency: 'GBP',
      total: 5_880,
      reference: 'HARBOUR 4711',
      invoices: [{ invoiceId: INVOICE_ID, amount: 5_880 }],
    };
    expect(await open('2026-06-01')).toEqual([advice]);
    expect(await open('2026-06-01', 'cus_harbour')).toEqual([advice]);
    expect(await open('2026-06-01', 'cus_other')).toEqual([]);
    expect(await open('2026-06-02')).toEqual([]);
    const later = await send(remittances.handler, 'getRemittanceAdvice', {
      as: customer,
      params: { adviceId },
      at: '2026-06-02T12:00:00.000Z',
    });
    expect(later.json).toMatchObject({ status: 'expired' });
    expect(await faults()).toEqual([]);
  });

  it('is used by the payment that follows it, once', async () => {
    const adviceId = AdviceId.parse((await post(request)).json.adviceId);
    await commit(table, [useAdvice(adviceId, PAYMENT_ID)]);
    expect(await open('2026-04-02')).toEqual([]);
    await expect(commit(table, [useAdvice(adviceId, PAYMENT_ID)])).rejects.toMatchObject({
      code: 'version_conflict',
    });
    const shown = await send(remittances.handler, 'getRemittanceAdvice', {
      as: finance,
      params: { adviceId },
    });
    expect(shown.json).toMatchObject({
      status: 'used',
      paymentId: PAYMENT_ID,
      links: { payment: `/v1/payments/${PAYMENT_ID}` },
    });
    // There is no such payment, which the auditor sees.
    expect(await faults()).toEqual([
      `payer of ${PAYMENT_ID}, which followed ${adviceId}: found undefined, expected cus_harbour`,
    ]);
  });

  it('answers a repetition as the first time, used or not', async () => {
    const first = await post(request);
    await commit(table, [useAdvice(AdviceId.parse(first.json.adviceId), PAYMENT_ID)]);
    const again = await post(request);
    expect(again.json).toEqual(first.json);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('is withdrawn once, and not after a payment', async () => {
    const { adviceId } = (await post(request)).json;
    const withdraw = (key: string) =>
      send(remittances.handler, 'withdrawRemittanceAdvice', {
        as: customer,
        params: { adviceId },
        headers: { 'idempotency-key': key },
      });
    const first = await withdraw('k-2');
    expect(first.json).toMatchObject({ status: 'withdrawn', withdrawnAt: '2026-03-31T10:00:00.000Z' });
    expect((await withdraw('k-2')).json).toEqual(first.json);
    expect((await withdraw('k-3')).json).toMatchObject({ code: 'remittance_not_open', status: 409 });
    expect(await open('2026-04-02')).toEqual([]);
    await expect(commit(table, [useAdvice(AdviceId.parse(adviceId), PAYMENT_ID)])).rejects.toMatchObject({
      code: 'version_conflict',
    });
    expect(await faults()).toEqual([]);
  });

  it("is the customer's own", async () => {
    const { adviceId } = (await post(request)).json;
    const read = await send(remittances.handler, 'getRemittanceAdvice', {
      as: stranger,
      params: { adviceId },
    });
    expect(read.status).toBe(404);
    const list = await send(remittances.handler, 'listRemittanceAdvices', { as: customer });
    expect(list.json.items).toMatchObject([{ adviceId }]);
    const foreign = await post(
      { ...request, customerId: 'cus_other' },
      { headers: { 'idempotency-key': 'k-2' } },
    );
    expect(foreign.json).toMatchObject({ code: 'customer_not_found' });
    const unnamed = await post(request, { as: finance, headers: { 'idempotency-key': 'k-3' } });
    expect(unnamed.json).toMatchObject({ code: 'customer_not_found' });
  });
});

describe('an advice that does not fit what is owed', () => {
  it('is refused with every row at fault', async () => {
    await commit(table, [saveOpenItem(openInvoice(2), 'absent')]);
    const answer = await post({
      ...request,
      total: 20_000,
      invoices: [
        { number: 'INV-2026-000001', amount: 6_001 },
        { invoiceId: openInvoice(2).invoiceId, amount: 10_000 },
        { number: 'INV-2026-000009', amount: 100 },
        { invoiceId: INVOICE_ID, amount: 100 },
      ],
    });
    expect(answer.status).toBe(422);
    expect(answer.json).toMatchObject({
      code: 'remittance_invalid',
      issues: [
        { path: 'invoices.0.amount', message: 'must be at most 6000, owed on INV-2026-000001' },
        { path: 'invoices.1.number', message: 'is not an open invoice of this customer' },
        { path: 'invoices.2.number', message: 'is not an open invoice of this customer' },
        { path: 'invoices.3.number', message: 'names INV-2026-000001 a second time' },
        { path: 'total', message: 'must be 16201, the sum of the invoices' },
      ],
    });
    expect(await open('2026-04-02')).toEqual([]);
  });

  it('may take off the discount that is offered, and no more', async () => {
    const item = anOpenItem({ version: 2, discount: { until: '2026-04-10', amount: 120, tax: 20 } });
    await commit(table, [saveOpenItem(item, 1)]);
    const paying = (discount: number) =>
      post({ ...request, invoices: [{ number: 'INV-2026-000001', amount: 5_880, discount }] });
    expect((await paying(121)).json.issues).toEqual([
      { path: 'invoices.0.discount', message: 'must be at most 120' },
    ]);
    expect((await paying(120)).status).toBe(201);
  });

  it('names each invoice by number or id, in the currency of the account', async () => {
    expect((await post({ ...request, currency: 'EUR' })).json).toMatchObject({ code: 'currency_mismatch' });
    const both = { number: 'INV-2026-000001', invoiceId: INVOICE_ID, amount: 5_880 };
    expect((await post({ ...request, invoices: [both] })).json.issues).toEqual([
      {
        path: 'invoices.0',
        message: 'must name the invoice by number or invoiceId, one of the two',
      },
    ]);
  });
});

describe('an advice in CSV', () => {
  it('is read with decimals, semicolons and columns of its own', async () => {
    const answer = await upload('\uFEFFAmount;note;Number\r\n58.80;"paid; April";INV-2026-000001\r\n', {
      paymentReference: 'HARBOUR 4711',
      total: '5880',
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      source: 'csv',
      total: 5_880,
      paymentReference: 'HARBOUR 4711',
      invoices: [{ invoiceId: INVOICE_ID, amount: 5_880 }],
    });
  });

  it.each([
    ['no amount column', 'number,sum\nINV-2026-000001,1\n', undefined],
    ['nothing in it', 'number,amount\n', undefined],
    ['broken quotes', 'number,amount\n"INV-2026-000001,1\n', undefined],
    [
      'amounts that are none',
      'number,amount\nINV-2026-000001,"1,5"\nINV-2026-000001,0\n,1\n',
      [
        { path: 'lines.2.amount', message: 'must be an amount of GBP above 0' },
        { path: 'lines.3.amount', message: 'must be an amount of GBP above 0' },
        { path: 'lines.4.number', message: 'is missing' },
      ],
    ],
    [
      'a discount that is none',
      'number,amount,discount\nINV-2026-000001,1,x\n',
      [{ path: 'lines.2.discount', message: 'must be an amount of GBP' }],
    ],
    [
      'an unknown invoice',
      'number,amount\nINV-2026-000001,1.00\nINV-9,1.00\n',
      [{ path: 'lines.3.number', message: 'is not an open invoice of this customer' }],
    ],
  ])('with %s is refused, and says where', async (_, file, issues) => {
    const answer = await upload(file);
    expect(answer.json).toMatchObject({ code: 'remittance_invalid', status: 422, ...(issues && { issues }) });
    expect(await open('2026-04-02')).toEqual([]);
  });

  it('comes as text/csv, and its key stands for file and query alike', async () => {
    const file = 'number,amount\nINV-2026-000001,58.80\n';
    expect((await upload(file, {}, { 'content-type': 'application/json' })).status).toBe(415);
    expect((await upload(file)).status).toBe(201);
    expect((await upload(file)).headers['idempotency-replayed']).toBe('true');
    const other = await upload(file, { paymentReference: 'OTHER' });
    expect(other.json).toMatchObject({ code: 'idempotency_key_reused' });
  });
});
