import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { saveCustomerActions } from '#shared/customer/customer-store.ts';
import { SepaItem } from '#shared/direct-debit/direct-debit.ts';
import { Mandate } from '#shared/direct-debit/mandate.ts';
import { signActions } from '#shared/direct-debit/mandate-store.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItems, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId, type InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { Instant } from '#shared/kernel/time.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { request } from '#test/builders/house.ts';
import { importLines } from '#test/builders/import-lines.ts';
import { anOpenItem } from '#test/builders/invoice.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { harbour, okafor, owingCustomers } from '#test/builders/owing-customers.ts';

const at = Instant.parse('2026-04-01T09:00:00.000Z');
let opening: { items: Item[]; invoices: InvoiceId[] };
let table: MemoryTable;
beforeAll(async () => {
  // Harbour owes four invoices of GBP 60.00, two of them of one order number, Okafor one.
  opening = await owingCustomers(5, (n) => (n < 3 ? { poNumber: `PO-471${n}` } : {}));
});
beforeEach(() => {
  table = memoryTable(opening.items);
});

const openItem = async (nth: number) => {
  const id = opening.invoices[nth];
  const [item] = id ? await loadOpenItems(table, [id]) : [];
  if (!item) throw new RangeError(`there is no invoice ${nth}`);
  return item;
};
const say = async (
  operation: Parameters<typeof request>[1],
  params: Record<string, string>,
  body: unknown,
) => {
  const headers = { 'idempotency-key': `${operation}-${JSON.stringify(body).length}` };
  const answer = await request(table, operation, { params, body, headers, at });
  if ((answer.status ?? 500) > 201) throw new Error(answer.text);
  return answer.json;
};
const violations = async () => (await checkInvariants(table.items())).violations;
const fromNobody = { name: 'Treasury Services' };

describe('a direct debit', () => {
  const debitId = 'D1AO2IL3V4B5C6D';
  const debited = async (nth: number) => {
    const before = await openItem(nth);
    if (before.status !== 'open') throw new RangeError('it is open');
    const { nextActionAt: _planned, ...rest } = before;
    const debit = {
      directDebitId: 'ddb_01k0000000000000000000000a',
      collectOn: '2026-04-01',
      endToEndId: debitId,
    };
    return anOpenItem({ ...rest, debit, version: before.version + 1 });
  };

  it('is known by its end-to-end id from the work queues', async () => {
    const item = await debited(2);
    await table.write(saveOpenItem(item, item.version - 1));
    const [line] = await importLines(table, [
      { amount: 6_000, endToEndId: debitId, text: 'SEPA', counterparty: fromNobody },
    ]);
    expect(line).toMatchObject({
      status: 'matched',
      match: { rule: 'structured_reference', allocations: [{ invoiceId: item.invoiceId, amount: 6_000 }] },
    });
  });
});

describe('a direct debit that was collected before', () => {
  it('is recognised by its end-to-end id alone', async () => {
    const endToEndId = 'D2BP3JM4V5C6D7E';
    const { invoiceId, number, customerId } = await openItem(4);
    const item = SepaItem.parse({
      endToEndId,
      invoiceId,
      number,
      customerId,
      amount: 6_000,
      mandateId: 'M-1',
      signedOn: '2026-01-15',
      name: 'Okafor',
      remittance: number,
      scheme: 'CORE',
      sequence: 'FRST',
      iban: 'DE75512108001245126199',
    });
    const run = 'ddb_01k0000000000000000000000a';
    const key = { ...keys.directDebitItem(run, 1), RPK: `debit_${endToEndId}`, RSK: run };
    await table.write({ do: 'put', item: { ...key, ...item } });
    await importLines(table, [{ amount: 6_000, text: number }]);
    const [line] = await importLines(table, [{ amount: 6_000, text: 'SEPA', endToEndId }]);
    expect(line).toMatchObject({ status: 'suggested', match: { rule: 'paid_again', customerId: okafor } });
  });
});

describe('a purchase order', () => {
  it('is kept with what is owed, and found in the text', async () => {
    expect(await openItem(1)).toMatchObject({ poNumbers: ['PO-4712'] });
    const [line] = await importLines(table, [
      { amount: 6_000, text: 'your PO 4712', counterparty: fromNobody },
    ]);
    expect(line).toMatchObject({
      match: { rule: 'purchase_order', allocations: [{ invoiceId: opening.invoices[1], amount: 6_000 }] },
    });
    expect(await violations()).toEqual([]);
  });
});

describe('a customer that agreed to have the oldest settled first', () => {
  it('is asked of the customer, and decides what money without a reference settles', async () => {
    const entry = { amount: 9_000, text: 'thanks', counterparty: { name: 'Harbour Books Ltd' } };
    expect((await importLines(table, [entry]))[0]).toMatchObject({ status: 'suggested' });
    const { json } = await request(table, 'getCustomer', { params: { customerId: harbour } });
    const { customerId: _id, version, account: _account, ...input } = json;
    const answer = await request(table, 'putCustomer', {
      params: { customerId: harbour },
      headers: { 'if-match': `"${version}"` },
      body: { ...input, applyCash: 'oldest_first' },
      at,
    });
    expect(answer).toMatchObject({ status: 200, json: { applyCash: 'oldest_first' } });
    expect((await importLines(table, [{ ...entry, amount: 9_100 }]))[0]).toMatchObject({
      status: 'matched',
      match: {
        rule: 'oldest_first',
        allocations: [
          { invoiceId: opening.invoices[0], amount: 6_000 },
          { invoiceId: opening.invoices[1], amount: 3_100 },
        ],
      },
    });
  });
});

describe('an invoice that was paid before', () => {
  const number = async (nth: number) => (await openItem(nth)).number;

  it('is recognised when it is paid again, and its money suggested on the account', async () => {
    const text = await number(4);
    await importLines(table, [{ amount: 6_000, text }]);
    expect((await openItem(4)).balance).toBe(0);
    const [again] = await importLines(table, [
      { amount: 6_000, text: `Invoice ${text}`, counterparty: { name: 'Harbour Books' } },
    ]);
    expect(again).toMatchObject({
      status: 'suggested',
      match: { rule: 'paid_again', customerId: okafor, allocations: [], unapplied: 6_000 },
    });
    expect(again?.match?.reasons).toContain(`invoice already paid: ${text}`);
  });
});

describe('a number that nothing open bears', () => {
  it('costs one query and one read, and nothing where the line names none', async () => {
    const cost = async (text: string) => {
      table.resetUnits();
      await importLines(table, [{ amount: 6_000, text }]);
      return table.units.calls;
    };
    const number = (await openItem(4)).number;
    await cost(number);
    const plain = await cost('sundry');
    expect(await cost('telephone 0171 555 20')).toBe(plain);
    // It is suggested then, so that no direct debit run is looked for, which is a query less.
    expect(await cost(`Invoice ${number}`)).toBe(plain + 2 - 1);
  });
});

describe('a payer that owes nothing', () => {
  const tern = CustomerId.parse('cus_tern');
  beforeEach(async () => {
    const customer = aCustomer({
      customerId: tern,
      name: 'Tern Pottery Ltd',
      currency: Currency.parse('GBP'),
    });
    await commit(table, saveCustomerActions(undefined, customer, { at, actor: 'Sam' }));
  });
  const money = { amount: 4_321, text: 'advance' };
  const sign = (customerId: CustomerId, input: object) => {
    const state = { status: 'active', sequence: 'FRST', createdAt: at, createdBy: 'Fay', version: 1 };
    return commit(table, signActions(Mandate.parse({ ...input, ...state, customerId }), 'Fay'));
  };

  it('is known by exactly its name', async () => {
    const [line, unlike] = await importLines(table, [
      { ...money, counterparty: { name: 'TERN POTTERY LIMITED' } },
      { ...money, counterparty: { name: 'Tern Potteries' } },
    ]);
    expect(line).toMatchObject({
      status: 'suggested',
      match: { rule: 'payer', customerId: tern, allocations: [] },
    });
    expect(line?.match?.reasons).toContain('the payer owes nothing');
    expect(unlike).toMatchObject({ status: 'queued' });
  });

  it('is known by an account that was learned, until that is forgotten', async () => {
    const entry = { ...money, counterparty: { name: 'T P Holdings', iban: 'GB94BARC10201530093459' } };
    const [line] = await importLines(table, [entry]);
    expect(line).toMatchObject({ status: 'queued' });
    const params = { statementId: String(line?.bankStatementId), line: '1' };
    await say('decideBankLine', params, { customerId: tern });
    const [next] = await importLines(table, [{ ...entry, amount: 5_000 }]);
    expect(next).toMatchObject({ status: 'suggested', match: { customerId: tern } });
    expect(await violations()).toEqual([]);
    await say('undoBankLine', params, { reason: 'Was somebody else' });
    expect((await importLines(table, [{ ...entry, amount: 6_001 }]))[0]).toMatchObject({ status: 'queued' });
    expect(await violations()).toEqual([]);
  });

  it('is known by the account of its mandate', async () => {
    const mandate = {
      mandateId: 'M-1',
      signedOn: '2026-01-15',
      format: 'sepa',
      scheme: 'CORE',
      iban: 'DE75 5121 0800 1245 1261 99',
    };
    await sign(tern, mandate);
    const from = { iban: 'DE75512108001245126199' };
    const [line] = await importLines(table, [{ ...money, counterparty: from }]);
    expect(line).toMatchObject({ status: 'suggested', match: { rule: 'payer', customerId: tern } });
    const owing = { ...mandate, mandateId: 'M-2', iban: 'FR1420041010050500013M02606' };
    await sign(okafor, owing);
    const [settles] = await importLines(table, [{ amount: 6_000, counterparty: { iban: owing.iban } }]);
    expect(settles).toMatchObject({ status: 'matched', match: { rule: 'exact_amount', customerId: okafor } });
  });
});
