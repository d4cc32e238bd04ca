import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import { EntryId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { shippedChart } from '#shared/ledger/chart.ts';
import { type ExportFormat, writerOf } from '#shared/ledger/export-format.ts';
import { fillPage } from '#shared/ledger/export-page.ts';
import type { Entry } from '#shared/ledger/ledger.ts';
import { anEntry } from '../../builders/invoice.ts';
import { sellFourMugs, type Trading, trading } from '../../builders/trading.ts';

const finance = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
const credit = { sub: 'cre-1', roles: ['credit'] } as const;
const sales = { sub: 'sal-1', roles: ['sales'] } as const;
const march = { from: '2026-03-01', to: '2026-03-31' };

let company: Trading;
let invoiceId: string;
beforeEach(async () => {
  company = trading();
  invoiceId = await sellFourMugs(company, '2026-03-03T10:00:00.000Z');
});

const pay = (amount: number, at: string, reference = 'HARBOUR') =>
  company.done('recordPayment', {
    as: finance,
    at,
    body: { customerId: 'cus_harbour', method: 'bank_transfer', currency: 'GBP', amount, reference },
  });
const close = (month: string, at: string, more = {}) =>
  company.ask('closePeriod', { as: finance, at, params: { month }, ...more });
const balances = async (query: Record<string, string>, at = '2026-06-01T10:00:00.000Z') => {
  const { balances: found } = await company.done('getTrialBalance', { as: credit, at, query });
  const accounts: { account: string; balance: number }[] = found[0]?.accounts ?? [];
  return Object.fromEntries(accounts.map(({ account, balance }) => [account, balance]));
};

describe('a trial balance', () => {
  it('is of the end of a day, or the turnover of some', async () => {
    await pay(700, '2026-04-07T10:00:00.000Z');
    const sold = { 1100: 6_000, 1200: -1_720, 2200: -1_000, 4000: -5_000, 5000: 1_720 };
    expect(await balances({ on: '2026-03-02' })).toEqual({});
    expect(await balances({ on: '2026-04-06' })).toEqual(sold);
    expect(await balances({ on: '2026-04-07' })).toEqual({ ...sold, 1000: 700, 2100: -700 });
    expect(await balances({ from: '2026-04-01', to: '2026-04-30' })).toEqual({ 1000: 700, 2100: -700 });
  });

  it('bears the codes and names of the chart in force', async () => {
    const accounts = shippedChart.accounts.map((account) =>
      account.role === 'sales' ? { ...account, code: '8400', name: 'Erlöse Waren' } : account,
    );
    const key = { PK: 'policy_chart', SK: '2026-05-01.01' };
    await company.table.write({ do: 'put', item: { ...key, policy: { accounts } } });
    expect(await balances({ on: '2026-03-31' }, '2026-04-30T10:00:00.000Z')).toHaveProperty('4000');
    expect(await balances({ on: '2026-03-31' }, '2026-05-01T10:00:00.000Z')).toHaveProperty('8400', -5_000);
  });

  it.each([
    { on: '2026-03-31', from: '2026-03-01', to: '2026-03-31' },
    { from: '2026-03-01' },
    { from: '2026-03-31', to: '2026-03-01' },
    { from: '2026-01-01', to: '2027-01-02' },
  ])('refuses %j', async (query) => {
    const answer = await company.ask('getTrialBalance', { as: finance, query });
    expect(answer.json).toMatchObject({ status: 422, code: 'validation_failed' });
  });

  it('is not for sales', async () => {
    expect((await company.ask('getTrialBalance', { as: sales })).status).toBe(403);
  });
});

describe('an account', () => {
  it('goes on over the pages with its running balance', async () => {
    for (const day of ['04', '05', '06']) await pay(100, `2026-03-${day}T10:00:00.000Z`);
    const page = (query = {}) =>
      company.done('getLedgerAccount', {
        as: credit,
        at: '2026-03-31T10:00:00.000Z',
        params: { code: '2100' },
        query: { from: '2026-03-05', to: '2026-03-31', currency: 'GBP', limit: '1', ...query },
      });
    const first = await page();
    expect(first).toMatchObject({ opening: -100, closing: -200, lines: [{ amount: -100, balance: -200 }] });
    const second = await page({ cursor: first.nextCursor });
    expect(second).toMatchObject({ opening: -200, closing: -300, lines: [{ amount: -100, balance: -300 }] });
    expect(second).not.toHaveProperty('nextCursor');
    const elsewhere = { from: '2026-03-01', cursor: first.nextCursor };
    await expect(page(elsewhere)).rejects.toThrow('cursor_invalid');
  });

  it('has to be in the chart', async () => {
    const query = { ...march, currency: 'GBP' };
    const answer = await company.ask('getLedgerAccount', { as: finance, params: { code: '9999' }, query });
    expect(answer).toMatchObject({ status: 404, json: { code: 'account_not_found' } });
  });
});

describe('a month', () => {
  it('is closed in its turn, from the second day of the next', async () => {
    await pay(100, '2026-04-10T10:00:00.000Z');
    expect((await close('2026-04', '2026-05-02T10:00:00.000Z')).json).toMatchObject({
      status: 409,
      code: 'period_before_open',
    });
    expect((await close('2026-03', '2026-04-01T22:30:00.000Z')).json).toMatchObject({
      status: 409,
      code: 'period_not_ended',
    });
    expect((await close('2026-03', '2026-04-01T23:30:00.000Z')).json).toMatchObject({ status: 'closed' });
    expect((await close('2026-04', '2026-05-02T10:00:00.000Z')).json).toMatchObject({ status: 'closed' });
    const { items } = await company.done('listPeriods', { as: credit, at: '2026-05-02T10:00:00.000Z' });
    expect(items).toEqual([
      { month: '2026-03', status: 'closed', closedAt: '2026-04-01T23:30:00.000Z', closedBy: 'Fay Finance' },
      { month: '2026-04', status: 'closed', closedAt: '2026-05-02T10:00:00.000Z', closedBy: 'Fay Finance' },
      { month: '2026-05', status: 'open', closableFrom: '2026-06-02' },
    ]);
  });

  it('stays closed, answers a repetition alike, and is for finance to close', async () => {
    const at = '2026-04-03T10:00:00.000Z';
    const once = { headers: { 'idempotency-key': 'march' } };
    expect((await close('2026-03', at, { as: credit })).status).toBe(403);
    const first = await close('2026-03', at, once);
    expect((await close('2026-03', '2026-04-09T10:00:00.000Z', once)).text).toBe(first.text);
    expect((await close('2026-03', at)).json).toMatchObject({ status: 409, code: 'period_closed' });
  });

  it('that is closed gets no correction: that stands in the open one', async () => {
    await close('2026-03', '2026-04-03T10:00:00.000Z');
    const before = await balances({ on: '2026-03-31' });
    const at = '2026-04-05T10:00:00.000Z';
    const lines = [{ sku: 'MUG-1', quantity: 1, condition: 'restock' }];
    const body = {
      customerId: 'cus_harbour',
      invoiceId,
      reason: 'Broken',
      documentDate: '2026-03-30',
      lines,
    };
    await company.done('createReturn', { as: finance, at, body });
    await company.done('recordPayment', {
      as: finance,
      at,
      body: {
        customerId: 'cus_harbour',
        method: 'cash',
        currency: 'GBP',
        amount: 50,
        receivedOn: '2026-03-31',
      },
    });
    expect(await balances({ on: '2026-03-31' })).toEqual(before);
    expect(await balances({ from: '2026-04-01', to: '2026-04-30' })).toMatchObject({ 1010: 50, 4100: 1_250 });
  });

  it('that is closed is all that a later balance reads of the days before', async () => {
    await close('2026-03', '2026-04-03T10:00:00.000Z');
    const entries = company.table.items(({ PK }) => PK.startsWith('ledger_2026-03'));
    for (const { PK, SK } of entries) await company.table.write({ do: 'delete', key: { PK, SK } });
    expect(await balances({ on: '2026-04-30' })).toMatchObject({ 1100: 6_000, 4000: -5_000 });
  });
});

describe('a journal for the ERP', () => {
  const take = (at: string, more = {}) => company.ask('takeJournal', { as: finance, at, ...more });
  const read = (number: string, format: string) =>
    company.ask('getJournal', {
      as: credit,
      at: '2026-06-01T10:00:00.000Z',
      params: { number },
      query: { format },
    });

  it('holds what was posted since the last one, up to the end of yesterday, an hour after midnight', async () => {
    // London is at UTC in early March.
    expect((await take('2026-03-04T00:59:59.999Z')).json).toMatchObject({ code: 'journal_empty' });
    expect((await take('2026-03-04T01:00:00.000Z')).json).toMatchObject({
      number: 'JRN-000001',
      from: '2026-03-03',
      to: '2026-03-03',
      entries: 1,
    });
    await pay(100, '2026-03-06T10:00:00.000Z');
    await pay(200, '2026-03-09T10:00:00.000Z');
    expect((await take('2026-03-09T12:00:00.000Z')).json).toMatchObject({
      number: 'JRN-000002',
      from: '2026-03-04',
      to: '2026-03-08',
      entries: 1,
    });
    const { lines } = (await read('JRN-000002', 'json')).json;
    expect(lines).toMatchObject([
      { account: '1000', accountName: 'Bank', debit: 100, credit: 0, reference: 'HARBOUR' },
      { account: '2100', debit: 0, credit: 100 },
    ]);
    expect(await read('JRN-000003', 'json')).toMatchObject({
      status: 404,
      json: { code: 'journal_not_found' },
    });
  });

  it('reads the same for ever, whatever the chart says later, and taken again with its key is the same', async () => {
    const once = { headers: { 'idempotency-key': 'nightly' } };
    const first = await take('2026-03-04T06:00:00.000Z', once);
    const csv = (await read('JRN-000001', 'csv')).text;
    const accounts = shippedChart.accounts.map((account) => ({ ...account, code: `X${account.code}` }));
    const item = { PK: 'policy_chart', SK: '2026-03-04.01', policy: { accounts } };
    await company.table.write({ do: 'put', item });
    await pay(100, '2026-03-04T10:00:00.000Z');
    expect((await take('2026-03-05T06:00:00.000Z', once)).text).toBe(first.text);
    expect((await read('JRN-000001', 'csv')).text).toBe(csv);
  });
});

const day = CalendarDate.parse('2026-03-03');
const nasty: Entry[] = [
  anEntry({ entryId: 'ent_01k00000000000000000000001', reference: '=HYPERLINK("http://x")' }),
  anEntry({
    entryId: 'ent_01k00000000000000000000002',
    kind: 'payment',
    currency: 'JPY',
    reference: 'paid (twice); see | "note" \\ \r\n2026-01-01 * x',
    postings: [
      { account: 'bank', amount: 900 },
      { account: 'unapplied', amount: -900 },
    ],
  }),
  anEntry({
    entryId: 'ent_01k00000000000000000000003',
    kind: 'payment',
    currency: 'BHD',
    reference: '+44 überwiesen',
    postings: [
      { account: 'clearing', amount: 1_234 },
      { account: 'payment_fees', amount: 6 },
      { account: 'receivables', amount: -1_240 },
    ],
  }),
  anEntry({
    entryId: 'ent_01k00000000000000000000004',
    postings: [{ account: 'receivables', amount: 0 }],
  }),
];

function written(format: ExportFormat): string {
  const { head, entry } = writerOf(format, shippedChart, day);
  return [head, ...nasty.map(entry)].join('');
}

describe('an export', () => {
  it('as CSV keeps text from being run as a formula, and amounts plain', () => {
    const rows: string[][] = parse(written('csv'));
    expect(rows).toHaveLength(1 + 3 + 2 + 3 + 1);
    expect(rows[1]?.[3]).toBe(`'=HYPERLINK("http://x")`);
    expect(rows[1]?.slice(-3)).toEqual(['GBP', '60.00', '0.00']);
    expect(written('csv')).toContain("'+44 überwiesen");
    expect(written('csv')).toContain('JPY,0,900');
    expect(written('csv')).toContain('BHD,0.000,1.240');
  });

  it('as beancount', () => {
    const text = written('beancount');
    expect(text).toContain('2026-03-03 open Assets:1100-Trade-receivables\n');
    expect(text).toContain('2026-03-03 * "cus_harbour" "Payment paid (twice); see | note 2026-01-01 * x"\n');
    expect(text).toContain('  Assets:1020-Payments-in-transit  1.234 BHD\n');
  });

  const hledger = (...options: string[]) => {
    const directory = mkdtempSync(join(tmpdir(), 'o2c-journal-'));
    try {
      const file = join(directory, 'books.journal');
      writeFileSync(file, written('ledger'));
      return execFileSync('hledger', ['-f', file, ...options], { encoding: 'utf8' });
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
  it.skipIf(spawnSync('hledger', ['--version']).status !== 0)(
    'as plain text passes hledger’s strict checks, whatever a payer wrote (skipped without hledger)',
    () => {
      expect(hledger('check', '--strict', 'ordereddates')).toBe('');
      expect(hledger('print', '-O', 'csv').match(/BHD/g)?.length).toBe(3);
      expect(hledger('balance', '--flat', '-N', '-O', 'csv').split('\n')).toEqual([
        '"account","balance"',
        '"Assets:1000 Bank","900 JPY"',
        '"Assets:1020 Payments in transit","1.234 BHD"',
        '"Assets:1100 Trade receivables","-1.240 BHD, 60.00 GBP"',
        '"Expenses:6200 Payment fees","0.006 BHD"',
        '"Income:4000 Sales of goods","-50.00 GBP"',
        '"Liabilities:2100 Unapplied cash and credits","-900 JPY"',
        '"Liabilities:2200 Output tax","-10.00 GBP"',
        '',
      ]);
    },
  );

  it('is cut into pages of a size, and goes on after the last entry', async () => {
    async function* days() {
      yield nasty.slice(0, 2);
      yield nasty.slice(2);
    }
    const write = ({ entryId }: Entry) => entryId;
    const first = await fillPage(days(), undefined, write, 60);
    expect(first.pieces).toEqual([nasty[0]?.entryId, nasty[1]?.entryId]);
    const cursor = { d: day, e: EntryId.parse(first.stoppedAfter?.entryId) };
    const second = await fillPage(days(), cursor, write, 60);
    expect(second).toEqual({ pieces: [nasty[2]?.entryId, nasty[3]?.entryId] });
  });

  it('of the API starts anew with a cursor of another list refused', async () => {
    const query = { ...march, format: 'ledger', cursor: 'eyJ4IjoxfQ' };
    const answer = await company.ask('exportLedger', { as: credit, query });
    expect(answer).toMatchObject({ status: 400, json: { code: 'cursor_invalid' } });
  });
});
