import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findDebit } from '#shared/direct-debit/find-debit-store.ts';
import { factOfItem } from '#shared/fact/fact.ts';
import { debitsAreClaimedOnce } from '#shared/invariant/direct-debits.ts';
import { keysStandForOneThing } from '#shared/invariant/once.ts';
import { readPicture } from '#shared/invariant/read-picture.ts';
import { loadOpenItem, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '../../builders/company.ts';
import { type RequestOptions, send } from '../../builders/http-event.ts';
import { anOpenItem, INVOICE_ID } from '../../builders/invoice.ts';
import { keepCustomer } from '../../builders/issued-invoices.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { openInvoice } from '../../builders/open-invoice.ts';

const invoiceId = InvoiceId.parse(INVOICE_ID);
const second = InvoiceId.parse('inv_01k0000000000000000000000c');

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
const directDebit = { creditorId: 'DE98ZZZ09999999999' };
vi.stubEnv('COMPANY', JSON.stringify(aCompany({ directDebit })));

const { handler } = await import('../../../functions/http/payments.ts');
const worker = await import('../../../functions/events/import-statement.ts');

const finance = { name: 'finance@example.com', roles: ['finance'] } as const;
const customer = { roles: ['customer'], customerId: 'cus_harbour' } as const;
const stranger = { roles: ['customer'], customerId: 'cus_other' } as const;
const ofHarbour = { customerId: 'cus_harbour' };

let key = 0;
const post = (
  operation: 'createMandate' | 'revokeMandate' | 'createDirectDebit' | 'releaseDirectDebit',
  body: unknown,
  options: RequestOptions = {},
) =>
  send(handler, operation, { as: finance, body, headers: { 'idempotency-key': `k-${++key}` }, ...options });

const mandate = {
  format: 'sepa',
  mandateId: 'M-1042',
  signedOn: '2026-01-15',
  scheme: 'CORE',
  iban: 'DE89 3704 0044 0532 0130 00',
};
const sign = (body: object = {}) => post('createMandate', { ...mandate, ...body }, { params: ofHarbour });
const collect = (options: RequestOptions = {}) =>
  post('createDirectDebit', { format: 'sepa', collectOn: '2026-04-15' }, options);
const openItem = async (id = invoiceId) => loadOpenItem(table, id);

beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await keepCustomer(table);
  await commit(table, [
    saveOpenItem(anOpenItem({ currency: 'EUR' }), 'absent'),
    saveOpenItem(anOpenItem({ currency: 'EUR', invoiceId: second, number: 'INV-2026-000002' }), 'absent'),
  ]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('mandates', () => {
  it('are kept, and shown whole to finance and masked to the customer', async () => {
    expect(await sign()).toMatchObject({ status: 201, json: { account: 'DE89370400440532013000' } });
    const listed = await send(handler, 'listMandates', { as: customer, params: ofHarbour });
    expect(listed.json.items).toMatchObject([{ account: 'DE…3000', status: 'active', sequence: 'FRST' }]);
    expect(await send(handler, 'listMandates', { as: stranger, params: ofHarbour })).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['check digits that are wrong', { iban: 'DE88370400440532013000' }],
    ['an account outside SEPA', { iban: 'TR330006100519786457841326' }],
    ['an account outside the EEA without a BIC', { iban: 'GB33BUKB20201555555555' }],
    ['a reference that banks do not take', { mandateId: 'M#1' }],
  ])('are refused for %s', async (_, wrong) => {
    expect(await sign(wrong)).toMatchObject({ status: 422, json: { code: 'validation_failed' } });
  });

  it('have ids of their own', async () => {
    await sign();
    expect(await sign()).toMatchObject({ status: 409, json: { code: 'mandate_reused' } });
  });

  it('are not used once they are revoked', async () => {
    await sign();
    const params = { ...ofHarbour, mandateId: 'M-1042' };
    expect(await post('revokeMandate', undefined, { params })).toMatchObject({
      status: 200,
      json: { status: 'revoked' },
    });
    expect(await post('revokeMandate', undefined, { params })).toMatchObject({ status: 409 });
    expect(await collect()).toMatchObject({ status: 409, json: { code: 'nothing_to_collect' } });
  });
});

describe('a one-off mandate', () => {
  it('is for one debit, and used up with it', async () => {
    expect(await sign({ oneOff: true })).toMatchObject({ status: 201, json: { sequence: 'OOFF' } });
    const params = { directDebitId: String((await collect()).json.directDebitId) };
    const file = { as: finance, params, headers: { accept: 'application/xml' } };
    const { text } = await send(handler, 'getDirectDebit', file);
    expect(text.match(/<SeqTp>\w+|<NbOfTxs>\d+/g)).toEqual(['<NbOfTxs>1', '<NbOfTxs>1', '<SeqTp>OOFF']);
    const listed = await send(handler, 'listMandates', { as: finance, params: ofHarbour });
    expect(listed.json.items).toMatchObject([{ status: 'used', lastUsedOn: '2026-04-15' }]);
    expect(await collect()).toMatchObject({ json: { code: 'nothing_to_collect' } });
    const revoked = await post('revokeMandate', undefined, { params: { ...ofHarbour, mandateId: 'M-1042' } });
    expect(revoked).toMatchObject({ status: 409, json: { code: 'mandate_not_active' } });
  });
});

describe('a direct debit run', () => {
  it('collects what is due from who has a mandate, and pauses its reminders', async () => {
    await sign();
    const made = await collect();
    expect(made).toMatchObject({
      status: 201,
      json: { count: 2, total: 12_000, currency: 'EUR', status: 'ready' },
    });
    expect(await openItem()).toMatchObject({ debit: { collectOn: '2026-04-15' }, balance: 6_000 });
    expect(await openItem()).not.toHaveProperty('nextActionAt');
    expect(await collect()).toMatchObject({ json: { code: 'nothing_to_collect' } });
    const announced = table.items().filter(({ type }) => type === 'direct_debit.announced');
    expect(announced).toMatchObject([{ data: { amount: 12_000, account: 'DE…3000' } }]);
  });

  it('finds a debit by what the statement brings back, and holds together', async () => {
    await sign();
    const { json } = await collect();
    const [first] = json.items;
    expect(first.endToEndId).toMatch(/^D[0-9A-V]{14}$/);
    expect(await findDebit(table, String(first.endToEndId))).toEqual({
      endToEndId: first.endToEndId,
      invoiceId: first.invoiceId,
      customerId: 'cus_harbour',
    });
    expect(await openItem()).toMatchObject({
      debit: { directDebitId: json.directDebitId, endToEndId: first.endToEndId },
    });
    const picture = await readPicture(table.items());
    expect(picture.unreadable).toEqual([]);
    expect([...debitsAreClaimedOnce(picture), ...keysStandForOneThing(picture)]).toEqual([]);
    picture.directDebits.clear();
    expect([...debitsAreClaimedOnce(picture)]).toHaveLength(3);
  });

  it('gives the bank the same file whenever it is asked for', async () => {
    await sign();
    const params = { directDebitId: String((await collect()).json.directDebitId) };
    const file = () =>
      send(handler, 'getDirectDebit', { as: finance, params, headers: { accept: 'application/xml' } });
    const { text, headers } = await file();
    expect(headers['content-type']).toContain('application/xml');
    expect(text).toContain('<CtrlSum>120.00</CtrlSum>');
    // The second of a new mandate recurs.
    expect(text.match(/<SeqTp>\w+/g)).toEqual(['<SeqTp>FRST', '<SeqTp>RCUR']);
    await post('releaseDirectDebit', { reason: 'not sent' }, { params });
    expect((await file()).text).toBe(text);
  });

  it('is made on the next bank day where the day asked for is none', async () => {
    await sign();
    const body = { format: 'sepa', collectOn: '2026-04-18' };
    expect(await post('createDirectDebit', body)).toMatchObject({
      status: 201,
      json: { collectOn: '2026-04-20' },
    });
    expect(await openItem()).toMatchObject({ debit: { collectOn: '2026-04-20' } });
  });

  it('says which files it has: there is no other', async () => {
    await sign();
    const params = { directDebitId: String((await collect()).json.directDebitId) };
    const asked = { as: finance, params, query: { file: '2' }, headers: { accept: 'application/xml' } };
    expect(await send(handler, 'getDirectDebit', asked)).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'file', message: 'must be at most 1' }] },
    });
  });

  it('too large for one transaction is collected, and given back, by what its facts wake', async () => {
    await sign();
    for (let n = 1; n <= 120; n++) {
      const item = openInvoice(n, { customerId: 'cus_harbour', currency: 'EUR' });
      await commit(table, [saveOpenItem(item, 'absent')]);
    }
    const wake = async (type: string) => {
      const [fact] = table.items((item) => item['type'] === type);
      const detail = fact && factOfItem(fact);
      return worker.handler({ detail }, { getRemainingTimeInMillis: () => 900_000 });
    };
    const made = await collect({ headers: { 'idempotency-key': 'large' } });
    expect(made).toMatchObject({ status: 201, json: { status: 'collecting', count: 47 } });
    const params = { directDebitId: String(made.json.directDebitId) };
    const file = { as: finance, params, headers: { accept: 'application/xml' } };
    expect(await send(handler, 'getDirectDebit', file)).toMatchObject({
      status: 409,
      json: { code: 'direct_debit_not_ready' },
    });
    expect(await wake('direct_debit.created')).toEqual({ outcome: 'ready' });
    expect((await send(handler, 'getDirectDebit', file)).text).toContain('<NbOfTxs>122</NbOfTxs>');
    expect((await collect({ headers: { 'idempotency-key': 'large' } })).json).toEqual(made.json);
    expect(await post('releaseDirectDebit', { reason: 'not sent' }, { params })).toMatchObject({
      json: { status: 'cancelling' },
    });
    expect(await wake('direct_debit.cancelling')).toEqual({ outcome: 'cancelled' });
    expect(await openItem()).not.toHaveProperty('debit');
  });

  it('is one run when it is asked for twice with one key', async () => {
    await sign();
    const headers = { 'idempotency-key': 'run' };
    const first = await collect({ headers });
    await post(
      'releaseDirectDebit',
      { reason: 'not sent' },
      { params: { directDebitId: first.json.directDebitId } },
    );
    expect((await collect({ headers })).json).toEqual(first.json);
  });

  it('gives back what the bank refused, and everything when it is cancelled', async () => {
    await sign();
    const params = { directDebitId: String((await collect()).json.directDebitId) };
    const refused = { reason: 'AC04 closed account', invoiceIds: [second] };
    expect(await post('releaseDirectDebit', refused, { params })).toMatchObject({
      json: { status: 'ready' },
    });
    expect(await openItem(second)).toMatchObject({ nextActionAt: '2026-04-08T23:00:00.000Z' });
    expect(await openItem()).toHaveProperty('debit');
    expect(await post('releaseDirectDebit', refused, { params })).toMatchObject({
      json: { code: 'direct_debit_not_open' },
    });
    const all = await post('releaseDirectDebit', { reason: 'not sent' }, { params });
    expect(all).toMatchObject({ status: 200, json: { status: 'cancelled' } });
    expect(await openItem()).not.toHaveProperty('debit');
    expect(await collect()).toMatchObject({ status: 201, json: { count: 2 } });
  });

  it('lets the customer know fourteen days before', async () => {
    await sign();
    const body = { format: 'sepa', collectOn: '2026-04-13' };
    expect(await post('createDirectDebit', body)).toMatchObject({
      status: 422,
      json: { code: 'collect_date_too_soon' },
    });
  });

  it('leaves out what is disputed, what never arrived and what is due later', async () => {
    await sign();
    await commit(table, [
      saveOpenItem(anOpenItem({ currency: 'EUR', paused: 'undelivered', version: 2 }), 1),
      saveOpenItem(anOpenItem({ currency: 'EUR', invoiceId: second, dueOn: '2026-04-16', version: 2 }), 1),
    ]);
    expect(await collect()).toMatchObject({ json: { code: 'nothing_to_collect' } });
  });

  it('is for finance only, and needs the company to be able to collect', async () => {
    expect(await collect({ as: customer })).toMatchObject({ status: 403 });
    const body = { format: 'nacha', collectOn: '2026-04-15' };
    expect(await post('createDirectDebit', body)).toMatchObject({
      json: { code: 'direct_debit_not_configured' },
    });
  });

  it('takes an invoice only once when two runs are made at the same moment', async () => {
    await sign();
    const answers = await Promise.all([collect(), collect()]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const kept = table
      .items()
      .filter(({ PK, SK }) => PK.startsWith('ddb_') && SK === keys.directDebit(PK).SK);
    expect(kept).toHaveLength(1);
  });
});
