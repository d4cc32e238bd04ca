import { beforeAll, describe, expect, it } from 'vitest';
import { saveBankAccountActions } from '#shared/bank/bank-account-store.ts';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { importStatement } from '#shared/bank/import-store.ts';
import { lineOf } from '#shared/bank/line-store.ts';
import { takeFile } from '#shared/bank/take-file-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { statementsAreWorkedOnce } from '#shared/invariant/bank-statements.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { readPicture } from '#shared/invariant/read-picture.ts';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { Instant } from '#shared/kernel/time.ts';
import { keys } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { anEntry, aStatement, IBAN, MAIN } from '#test/builders/bank-statement.ts';
import { request } from '#test/builders/house.ts';
import { MemoryFiles } from '#test/builders/memory-files.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { harbour, okafor, owingCustomers } from '#test/builders/owing-customers.ts';

const AT = Instant.parse('2026-04-02T08:00:00.000Z');
const GBP = Currency.parse('GBP');

let opening: { items: Item[]; invoices: InvoiceId[] };
beforeAll(async () => {
  // Harbour owes five invoices of GBP 60.00, Okafor one.
  opening = await owingCustomers(6);
});

const line = (line: number, over: Partial<StatementEntry> & { amount: number }) =>
  anEntry({ line, currency: GBP, ...over });

async function aTable(): Promise<MemoryTable> {
  const table = memoryTable(opening.items);
  const account = { bankAccountId: MAIN, name: 'Main', account: { iban: IBAN }, currency: GBP, version: 1 };
  await table.transact(saveBankAccountActions(undefined, account, { at: AT, actor: 'Fay' }));
  return table;
}

async function imported(table: MemoryTable, entries: StatementEntry[], id = '7') {
  const files = new MemoryFiles();
  const file = Buffer.from(aStatement(id, entries, { currency: GBP }));
  const { statements } = await takeFile(table, files, file, {}, { at: AT, by: 'Fay' });
  const statementId = statements[0]?.statement.bankStatementId;
  if (!statementId) throw new Error('no statement was taken');
  const run = (client: Parameters<typeof importStatement>[0]['table']) =>
    importStatement(
      { table: client, files, workLine, timeZone: 'Europe/London', timeLeft: () => 900_000, linesAtOnce: 2 },
      statementId,
      AT,
    );
  return { statementId, run };
}

const numberOf = (table: MemoryTable, nth: number) =>
  String(table.items(({ PK, SK }) => PK === opening.invoices[nth] && SK === 'OPEN')[0]?.['number']);
const linesIn = (table: MemoryTable) => table.items(({ SK }) => SK.startsWith('LINE#')).map(lineOf);

function someOf(table: MemoryTable): StatementEntry[] {
  return [
    line(1, { amount: 6_000, text: numberOf(table, 0) }),
    line(2, { amount: 2_500, text: `part of ${numberOf(table, 1)}` }),
    line(3, { amount: 6_000, text: numberOf(table, 0) }),
    line(4, { amount: 6_000, counterparty: { name: 'Okafor & Daughters' } }),
    line(5, { amount: -900, text: 'Account fee' }),
  ];
}

describe('an import over real debts', () => {
  it('keeps every invariant wherever it breaks off', async () => {
    for (let nth = 1; nth <= 9; nth++) {
      for (const when of ['crashBefore', 'crashAfter'] as const) {
        const table = await aTable();
        const { run } = await imported(table, someOf(table));
        const client = table.client();
        client.faults[when](nth);
        await run(client).catch(() => undefined);
        const halfway = await checkInvariants(table.items());
        expect(halfway.violations, `${when} write ${nth}`).toEqual([]);
        expect(await run(table)).toBe('imported');
        expect((await checkInvariants(table.items())).violations, `${when} write ${nth}`).toEqual([]);
        expect(linesIn(table).map(({ status, match }) => [status, match?.rule])).toEqual([
          ['matched', 'invoice_number'],
          ['suggested', 'invoice_number'],
          ['suggested', 'paid_again'],
          ['matched', 'exact_amount'],
          ['queued', 'none'],
        ]);
      }
    }
  });

  it('confirms a transfer recorded by hand instead of recording it again', async () => {
    const table = await aTable();
    const body = {
      customerId: harbour,
      method: 'bank_transfer',
      currency: 'GBP',
      amount: 6_000,
      reference: 'TRF998877',
      receivedOn: '2026-04-01',
      allocations: [{ invoiceId: opening.invoices[0], amount: 6_000 }],
    };
    const recorded = await request(table, 'recordPayment', {
      body,
      headers: { 'idempotency-key': 'hand-1' },
      at: '2026-04-01T09:00:00.000Z',
    });
    expect(recorded.status).toBe(201);
    const { paymentId } = recorded.json;
    expect(await table.get(keys.unconfirmed(paymentId))).toBeDefined();
    const { run } = await imported(table, [line(1, { amount: 6_000, text: 'ref TRF998877' })]);
    await run(table);
    expect(linesIn(table)).toMatchObject([
      {
        status: 'matched',
        match: { rule: 'payment_reference' },
        outcome: { kind: 'confirmation', paymentId },
      },
    ]);
    expect(await table.get(keys.unconfirmed(paymentId))).toBeUndefined();
    expect((await checkInvariants(table.items())).violations).toEqual([]);
  });

  it('does not wait for the bank to tell of cash', async () => {
    const table = await aTable();
    const body = { customerId: okafor, method: 'cash', currency: 'GBP', amount: 100, reference: 'till' };
    const given = { ...body, receivedOn: '2026-04-01', allocations: [] };
    await request(table, 'recordPayment', { body: given, headers: { 'idempotency-key': 'hand-2' } });
    expect(table.items(({ SK }) => SK === 'UNCONFIRMED')).toEqual([]);
  });

  it('knows a customer by the account and the name that were learned', async () => {
    const table = await aTable();
    const learned = {
      customerId: okafor,
      aliases: ['O and D Trading'],
      accounts: ['GB94BARC10201530093459'],
    };
    await table.write({ do: 'put', item: { ...keys.payer(okafor), ...learned, version: 1 } });
    const { run } = await imported(table, [
      line(1, { amount: 6_000, counterparty: { name: 'X', iban: 'GB94BARC10201530093459' } }),
    ]);
    await run(table);
    expect(linesIn(table)).toMatchObject([{ status: 'matched', match: { customerId: okafor } }]);
    const other = await aTable();
    await other.write({ do: 'put', item: { ...keys.payer(okafor), ...learned, version: 1 } });
    const second = await imported(other, [
      line(1, { amount: 6_000, counterparty: { name: 'O AND D TRADING' } }),
    ]);
    await second.run(other);
    expect(linesIn(other)).toMatchObject([{ status: 'matched', match: { customerId: okafor } }]);
  });
});

describe('what must hold of statements', () => {
  const saidOf = async (items: Item[]) =>
    [...statementsAreWorkedOnce(await readPicture(items))].map(
      ({ invariant, detail }) => `${invariant} ${detail}`,
    );

  it('is told when a line is lost, counts are wrong or a number stands for no account', async () => {
    const table = await aTable();
    const { statementId, run } = await imported(table, someOf(table));
    await run(table);
    const items = table.items();
    expect(await saidOf(items)).toEqual([]);
    expect(await saidOf(items.filter(({ SK }) => SK !== 'LINE#000002'))).toEqual([
      `F ${statementId} is worked up to line 5, but has no line 2`,
      `F lines of ${statementId} counted as suggested: found 2, expected 1`,
    ]);
    const miscounted = items.map((item) =>
      item.PK === statementId && item.SK === 'HEAD' ? { ...item, queued: 7 } : item,
    );
    expect(await saidOf(miscounted)).toEqual([
      `F lines of ${statementId} counted as queued: found 7, expected 1`,
    ]);
    const key = keys.bankAccountNumber(IBAN, 'GBP').PK;
    expect(await saidOf(items.filter(({ PK }) => PK !== key))).toEqual([
      `D bank account of ${key}: found undefined, expected main`,
    ]);
  });
});
