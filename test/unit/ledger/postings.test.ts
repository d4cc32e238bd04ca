import { describe, expect, it } from 'vitest';
import { shippedChart } from '#shared/ledger/chart.ts';
import { postEntry } from '#shared/ledger/ledger-store.ts';
import { creditNotePostings, invoicePostings, paymentPostings } from '#shared/ledger/postings.ts';
import { trialBalance, turnoverOf } from '#shared/ledger/trial-balance.ts';
import { anEntry } from '../../builders/invoice.ts';

const totals = { net: 5_400, tax: 1_080, gross: 6_480, groups: [] };
const lines = [
  { kind: 'goods', net: 5_000 },
  { kind: 'charge', net: 400 },
] as const;
const nothing = { net: 0, tax: 0, gross: 0, groups: [] };

describe('what is posted', () => {
  it('an invoice: receivables against sales, carriage and output tax', () => {
    expect(invoicePostings(totals, lines)).toEqual([
      { account: 'receivables', amount: 6_480 },
      { account: 'sales', amount: -5_000 },
      { account: 'charges', amount: -400 },
      { account: 'output_tax', amount: -1_080 },
    ]);
  });

  it('an invoice over nothing: receivables of zero, so that it is in the books', () => {
    expect(invoicePostings(nothing, [{ kind: 'goods', net: 0 }])).toEqual([
      { account: 'receivables', amount: 0 },
    ]);
  });

  it('a credit note: returns, carriage and tax against receivables', () => {
    expect(creditNotePostings(totals, lines)).toEqual([
      { account: 'sales_returns', amount: 5_000 },
      { account: 'charges', amount: 400 },
      { account: 'output_tax', amount: 1_080 },
      { account: 'receivables', amount: -6_480 },
    ]);
    expect(creditNotePostings(nothing, [])).toEqual([{ account: 'receivables', amount: 0 }]);
  });

  it.each([
    ['bank_transfer', 'bank'],
    ['cash', 'cash'],
    ['card', 'clearing'],
  ] as const)('money by %s comes to account %s', (method, account) => {
    expect(paymentPostings(method, 6_480)).toEqual([
      { account, amount: 6_480 },
      { account: 'receivables', amount: -6_480 },
    ]);
  });

  it('an entry that is out of balance can’t be posted', () => {
    const entry = anEntry({
      postings: [
        { account: 'receivables', amount: 6_000 },
        { account: 'sales', amount: -5_999 },
      ],
    });
    expect(() => postEntry(entry)).toThrow('the entry of INV-2026-000001 is out of balance by 1');
  });
});

describe('the trial balance', () => {
  it('adds up each account, a currency at a time, and comes out even', () => {
    const credited = anEntry({
      kind: 'credit_note',
      postings: [
        { account: 'sales_returns', amount: 1_250 },
        { account: 'output_tax', amount: 250 },
        { account: 'receivables', amount: -1_500 },
      ],
    });
    const inYen = anEntry({
      currency: 'JPY',
      postings: [
        { account: 'bank', amount: 900 },
        { account: 'receivables', amount: -900 },
      ],
    });
    expect(trialBalance(turnoverOf([inYen, anEntry(), credited]), shippedChart)).toEqual([
      {
        currency: 'GBP',
        accounts: [
          {
            role: 'receivables',
            account: '1100',
            name: 'Trade receivables',
            type: 'asset',
            debits: 6_000,
            credits: 1_500,
            balance: 4_500,
          },
          {
            role: 'output_tax',
            account: '2200',
            name: 'Output tax',
            type: 'liability',
            debits: 250,
            credits: 1_000,
            balance: -750,
          },
          {
            role: 'sales',
            account: '4000',
            name: 'Sales of goods',
            type: 'revenue',
            debits: 0,
            credits: 5_000,
            balance: -5_000,
          },
          {
            role: 'sales_returns',
            account: '4100',
            name: 'Sales returns',
            type: 'revenue',
            debits: 1_250,
            credits: 0,
            balance: 1_250,
          },
        ],
        debits: 7_500,
        credits: 7_500,
        difference: 0,
      },
      {
        currency: 'JPY',
        accounts: [
          {
            role: 'bank',
            account: '1000',
            name: 'Bank',
            type: 'asset',
            debits: 900,
            credits: 0,
            balance: 900,
          },
          {
            role: 'receivables',
            account: '1100',
            name: 'Trade receivables',
            type: 'asset',
            debits: 0,
            credits: 900,
            balance: -900,
          },
        ],
        debits: 900,
        credits: 900,
        difference: 0,
      },
    ]);
  });

  it('shows by how much damaged books are out', () => {
    const damaged = anEntry({ postings: [{ account: 'receivables', amount: 7 }] });
    expect(trialBalance(turnoverOf([damaged]), shippedChart)[0]?.difference).toBe(7);
  });

  it('of no entries is empty', () => {
    expect(trialBalance(turnoverOf([]), shippedChart)).toEqual([]);
  });
});
