import { describe, expect, it, vi } from 'vitest';
import { changeAccount } from '#shared/customer/customer-store.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '#test/builders/company.ts';
import { send, type Token } from '#test/builders/http-event.ts';
import { lambdaTable as table } from '#test/builders/lambda-table.ts';

vi.mock('#shared/table/dynamo-table.ts', () => import('#test/builders/lambda-table.ts'));
vi.spyOn(process.stdout, 'write').mockReturnValue(true);
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
const { handler } = await import('../../../functions/http/customers.ts');

const sally: Token = { sub: 'sally', name: 'Sally Sales', roles: ['sales'] };
const bluebell = {
  name: 'Bluebell Home Limited',
  email: 'buying@bluebell.example',
  address: { lines: ['7 Harbour Street'], city: 'Whitby', postalCode: 'YO21 1DE', country: 'GB' },
  currency: 'GBP',
  creditLimit: 500_000,
};

const put = (customerId: string, body: unknown, headers: Record<string, string> = {}) =>
  send(handler, 'putCustomer', {
    params: { customerId },
    body,
    as: sally,
    headers,
    at: '2026-03-31T10:00:00.000Z',
  });
const get = (customerId: string, as: Token = sally) =>
  send(handler, 'getCustomer', { params: { customerId }, as });
const of = (customerId: string) => table.items().filter((item) => item.PK === customerId);

describe('putting a customer', () => {
  it('keeps its payment terms, and says what is wrong with those that are none', async () => {
    const terms = { kind: 'net', days: 30, discount: { percent: '2', days: 10 }, businessDays: 'following' };
    expect((await put('cus_terms', { ...bluebell, terms })).json).toMatchObject({ terms });
    expect((await get('cus_terms')).json).toMatchObject({ terms, paymentTermDays: 30 });
    const halves = {
      kind: 'instalments',
      parts: [
        { percent: '50', days: 0 },
        { percent: '40', days: 30 },
      ],
    };
    expect(await put('cus_terms', { ...bluebell, terms: halves })).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'terms.parts', message: 'the percentages must add up to 100' }] },
    });
  });

  it('creates it with an empty account and tells of it in one fact', async () => {
    const answer = await put('cus_new', bluebell);
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      json: {
        ...bluebell,
        customerId: 'cus_new',
        paymentTermDays: 30,
        language: 'en',
        status: 'active',
        version: 1,
        account: { exposure: 0, receivable: 0, available: 500_000 },
      },
    });
    expect(of('cus_new')).toHaveLength(3);
    expect(of('cus_new')).toContainEqual(
      expect.objectContaining({
        SK: 'ACCOUNT',
        currency: 'GBP',
        creditLimit: 500_000,
        exposure: 0,
        receivable: 0,
      }),
    );
    expect(of('cus_new')).toContainEqual(
      expect.objectContaining({
        SK: 'FACT#000001',
        type: 'customer.saved',
        at: '2026-03-31T10:00:00.000Z',
        actor: 'Sally Sales',
        customerId: 'cus_new',
        data: { creditLimit: 500_000, status: 'active' },
      }),
    );
  });

  it('again with the same content writes nothing', async () => {
    await put('cus_same', bluebell);
    const before = of('cus_same');
    expect(await put('cus_same', { ...bluebell, paymentTermDays: 30 })).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      json: { version: 1 },
    });
    expect(of('cus_same')).toEqual(before);
  });

  it('changes the credit limit of the account together with the profile, and leaves what is owed', async () => {
    await put('cus_limit', bluebell);
    await table.write(
      changeAccount(CustomerId.parse('cus_limit'), { exposure: 120_000, receivable: 20_000 }),
    );
    const answer = await put('cus_limit', { ...bluebell, creditLimit: 100_000 });
    expect(answer).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      json: {
        creditLimit: 100_000,
        version: 2,
        account: { exposure: 120_000, receivable: 20_000, available: -20_000 },
      },
    });
    expect(await table.get(keys.account('cus_limit'))).toMatchObject({
      creditLimit: 100_000,
      exposure: 120_000,
    });
  });

  it('forgets what is left out', async () => {
    await put('cus_vat', { ...bluebell, vatId: 'GB123456782' });
    expect((await put('cus_vat', bluebell)).json.vatId).toBeUndefined();
  });

  it('can’t change the currency the account is kept in', async () => {
    await put('cus_currency', bluebell);
    expect(await put('cus_currency', { ...bluebell, currency: 'EUR' })).toMatchObject({
      status: 422,
      json: { code: 'validation_failed', issues: [{ path: 'currency', message: 'must stay GBP' }] },
    });
  });

  it('changes only the version the caller saw', async () => {
    await put('cus_match', bluebell);
    expect((await put('cus_match', { ...bluebell, name: 'Bluebell' }, { 'if-match': '"1"' })).status).toBe(
      200,
    );
    expect(await put('cus_match', { ...bluebell, name: 'Harebell' }, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      json: { code: 'precondition_failed', detail: 'It is at version 2 now. Read it again and decide anew.' },
    });
    expect((await get('cus_match')).json.name).toBe('Bluebell');
    expect((await put('cus_absent', bluebell, { 'if-match': '"1"' })).status).toBe(412);
  });

  it.each([
    ['a currency nobody has', { ...bluebell, currency: 'XXQ' }, 'currency'],
    ['a limit below zero', { ...bluebell, creditLimit: -1 }, 'creditLimit'],
    ['half a penny', { ...bluebell, creditLimit: 0.5 }, 'creditLimit'],
    ['no mail address', { ...bluebell, email: 'buying' }, 'email'],
    ['a field nobody knows', { ...bluebell, discount: 5 }, 'discount'],
  ])('is refused for %s', async (_, body, path) => {
    const answer = await put('cus_bad', body);
    expect(answer).toMatchObject({ status: 422, json: { code: 'validation_failed', issues: [{ path }] } });
    expect(of('cus_bad')).toEqual([]);
  });

  it('is refused for an id of another form', async () => {
    expect((await put('bluebell', bluebell)).json.issues[0].path).toBe('customerId');
  });
});

describe('a customer', () => {
  it('sees itself, and of others nothing', async () => {
    await put('cus_one', bluebell);
    await put('cus_two', bluebell);
    const one: Token = { roles: ['customer'], customerId: 'cus_one' };
    expect((await get('cus_one', one)).status).toBe(200);
    const other = await get('cus_two', one);
    const nobody = await get('cus_nobody', one);
    expect(other).toMatchObject({ status: 404, json: { code: 'customer_not_found' } });
    expect(other.json).toEqual(nobody.json);
  });
});

describe('the mails to a customer', () => {
  const mail = (customerId: string, mailId: string, at: string, more: object) =>
    table.write({
      do: 'put',
      item: {
        ...keys.mail(customerId, mailId),
        mailId,
        customerId,
        kind: 'order.confirmed',
        to: ['buying@bluebell.example'],
        subject: `Mail ${mailId}`,
        at,
        ...more,
      },
    });
  const list = (customerId: string, query: Record<string, string> = {}) =>
    send(handler, 'getCommunications', { params: { customerId }, query, as: sally });

  it('are listed newest first, page by page, with whether they left', async () => {
    await put('cus_mails', bluebell);
    const sent = { status: 'sent', sentAt: '2026-03-02T09:00:01.000Z', sesMessageId: 'ses-1' };
    await mail('cus_mails', 'ord_1.000002', '2026-03-01T09:00:00.000Z', sent);
    await mail('cus_mails', 'inv_1', '2026-03-02T09:00:00.000Z', sent);
    await mail('cus_mails', 'crn_1', '2026-03-03T09:00:00.000Z', { status: 'sending' });
    const first = await list('cus_mails', { limit: '2' });
    expect(first.json.items).toEqual([
      {
        mailId: 'crn_1',
        kind: 'order.confirmed',
        to: ['buying@bluebell.example'],
        subject: 'Mail crn_1',
        status: 'sending',
        at: '2026-03-03T09:00:00.000Z',
      },
      expect.objectContaining({ mailId: 'inv_1', status: 'sent', sentAt: '2026-03-02T09:00:01.000Z' }),
    ]);
    const second = await list('cus_mails', { limit: '2', cursor: first.json.nextCursor });
    expect(second.json.items.map((item: { mailId: string }) => item.mailId)).toEqual(['ord_1.000002']);
    expect(second.json.nextCursor).toBeUndefined();
  });

  it('can’t be read with the cursor of another customer’s list', async () => {
    await put('cus_cursor', bluebell);
    const foreign = Buffer.from('{"PK":"cus_mails","at":"2026"}').toString('base64url');
    expect(await list('cus_cursor', { cursor: foreign })).toMatchObject({
      status: 400,
      json: { code: 'cursor_invalid' },
    });
    expect((await list('cus_cursor', { cursor: 'nonsense' })).status).toBe(400);
  });
});
