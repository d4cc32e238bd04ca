import { describe, expect, it } from 'vitest';
import { postEntry } from '#shared/ledger/ledger-store.ts';
import { creditNotePostings, invoicePostings, paymentPostings } from '#shared/ledger/postings.ts';
import { trialBalance } from '#shared/ledger/trial-balance.ts';
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
      { account: '1100', amount: 6_480 },
      { account: '4000', amount: -5_000 },
      { account: '4050', amount: -400 },
      { account: '2200', amount: -1_080 },
    ]);
  });

  it('an invoice over nothing: receivables of zero, so that it is in the books', () => {
    expect(invoicePostings(nothing, [{ kind: 'goods', net: 0 }])).toEqual([{ account: '1100', amount: 0 }]);
  });

  it('a credit note: returns, carriage and tax against receivables', () => {
    expect(creditNotePostings(totals, lines)).toEqual([
      { account: '4100', amount: 5_000 },
      { account: '4050', amount: 400 },
      { account: '2200', amount: 1_080 },
      { account: '1100', amount: -6_480 },
    ]);
    expect(creditNotePostings(nothing, [])).toEqual([{ account: '1100', amount: 0 }]);
  });

  it.each([
    ['bank_transfer', '1000'],
    ['cash', '1010'],
    ['card', '1020'],
  ] as const)('money by %s comes to account %s', (method, account) => {
    expect(paymentPostings(method, 6_480)).toEqual([
      { account, amount: 6_480 },
      { account: '1100', amount: -6_480 },
    ]);
  });

  it('an entry that is out of balance can’t be posted', () => {
    const entry = anEntry({
      postings: [
        { account: '1100', amount: 6_000 },
        { account: '4000', amount: -5_999 },
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
        { account: '4100', amount: 1_250 },
        { account: '2200', amount: 250 },
        { account: '1100', amount: -1_500 },
      ],
    });
    const inYen = anEntry({
      currency: 'JPY',
      postings: [
        { account: '1000', amount: 900 },
        { account: '1100', amount: -900 },
      ],
    });
    expect(trialBalance([inYen, anEntry(), credited])).toEqual([
      {
        currency: 'GBP',
        accounts: [
          { account: '1100', name: 'Trade receivables', debits: 6_000, credits: 1_500, balance: 4_500 },
          { account: '2200', name: 'Output tax', debits: 250, credits: 1_000, balance: -750 },
          { account: '4000', name: 'Sales of goods', debits: 0, credits: 5_000, balance: -5_000 },
          { account: '4100', name: 'Sales returns', debits: 1_250, credits: 0, balance: 1_250 },
        ],
        debits: 7_500,
        credits: 7_500,
        difference: 0,
      },
      {
        currency: 'JPY',
        accounts: [
          { account: '1000', name: 'Bank', debits: 900, credits: 0, balance: 900 },
          { account: '1100', name: 'Trade receivables', debits: 0, credits: 900, balance: -900 },
        ],
        debits: 900,
        credits: 900,
        difference: 0,
      },
    ]);
  });

  it('shows by how much damaged books are out', () => {
    const damaged = anEntry({ postings: [{ account: '1100', amount: 7 }] });
    expect(trialBalance([damaged])[0]?.difference).toBe(7);
  });

  it('of no entries is empty', () => {
    expect(trialBalance([])).toEqual([]);
  });
});
