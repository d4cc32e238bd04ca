import { beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../builders/house.ts';
import { aDraft, claimCredit, issue, keepCustomer } from '../../builders/issued-invoices.ts';
import { type MemoryTable, memoryTable } from '../../builders/memory-table.ts';

let table: MemoryTable;

/** The mugs and their postage, GBP 54.00 and 10.80 tax, invoiced on 3 March 2026. */
beforeEach(async () => {
  table = memoryTable();
  await keepCustomer(table);
  const draft = aDraft();
  await claimCredit(table, draft);
  await issue(table, draft);
});

const on = (at: string) => ({ at: `${at}T10:00:00.000Z` });
const close = (month: string, at: string) =>
  request(table, 'closePeriod', {
    params: { month },
    headers: { 'idempotency-key': `${month}${at}` },
    ...on(at),
  });
const journal = (key: string, at: string) =>
  request(table, 'takeJournal', { headers: { 'idempotency-key': key }, ...on(at) });

describe('the books by API', () => {
  it('balance, by the codes of the chart', async () => {
    const { json } = await request(table, 'getTrialBalance', on('2026-03-04'));
    expect(json).toMatchObject({
      balances: [
        {
          currency: 'GBP',
          difference: 0,
          accounts: [
            { account: '1100', balance: 6_480 },
            { account: '2200', balance: -1_080 },
            { account: '4000', balance: -5_000 },
            { account: '4050', balance: -400 },
          ],
        },
      ],
    });
  });

  it('show an account with its running balance', async () => {
    const { json } = await request(table, 'getLedgerAccount', {
      params: { code: '1100' },
      query: { from: '2026-03-01', to: '2026-03-31', currency: 'GBP' },
      ...on('2026-03-04'),
    });
    expect(json).toMatchObject({ opening: 0, closing: 6_480, lines: [{ reference: 'INV-2026-000001' }] });
  });

  it('close a month once it has ended, and balance the same from what was closed', async () => {
    expect((await close('2026-03', '2026-03-31')).json).toMatchObject({ code: 'period_not_ended' });
    expect((await close('2026-03', '2026-04-02')).json).toMatchObject({ month: '2026-03', status: 'closed' });
    expect((await close('2026-03', '2026-04-03')).json).toMatchObject({ code: 'period_closed' });
    const { json } = await request(table, 'getTrialBalance', on('2026-04-03'));
    expect(json).toMatchObject({
      balances: [{ difference: 0, accounts: [{ account: '1100', balance: 6_480 }, {}, {}, {}] }],
    });
  });

  it('hand each entry to the ERP in one journal only', async () => {
    const first = await journal('one', '2026-03-04');
    expect(first.json).toMatchObject({ number: 'JRN-000001' });
    expect((await journal('one', '2026-03-04')).json).toEqual(first.json);
    expect((await journal('two', '2026-03-04')).json).toMatchObject({ code: 'journal_empty' });
    const read = () =>
      request(table, 'getJournal', {
        params: { number: 'JRN-000001' },
        query: { format: 'csv' },
        ...on('2026-05-01'),
      });
    expect((await read()).text).toBe((await read()).text);
    expect((await read()).text.split('\r\n')[1]).toContain('INV-2026-000001');
  });

  it('come as plain text for hledger, as beancount and as CSV', async () => {
    const exported = async (format: string) => {
      const query = { from: '2026-03-01', to: '2026-03-31', format };
      return (await request(table, 'exportLedger', { query, ...on('2026-03-04') })).text;
    };
    expect(await exported('ledger')).toContain('Assets:');
    expect(await exported('beancount')).toMatch(/open Assets:/);
    expect((await exported('csv')).split('\r\n')).toHaveLength(6);
  });
});
