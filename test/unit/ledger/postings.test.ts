import { describe, expect, it } from 'vitest';
import { creditedBy } from '#shared/ledger/account-movement.ts';
import { shippedChart } from '#shared/ledger/chart.ts';
import { postEntry } from '#shared/ledger/ledger-store.ts';
import {
  creditNotePostings,
  depositInvoicePostings,
  discountPostings,
  invoicePostings,
  paymentPostings,
  refundPostings,
  takenBackPostings,
  writeOffPostings,
} from '#shared/ledger/postings.ts';
import { addEntries, trialBalance } from '#shared/ledger/trial-balance.ts';
import { anEntry } from '../../builders/invoice.ts';

const carriageToo = { totals: { net: 5_400, tax: 1_080, gross: 6_480 } };
const lines = [
  { kind: 'goods', quantity: 4, net: 5_000 },
  { kind: 'charge', quantity: 1, net: 400 },
] as const;
const nothing = { totals: { net: 0, tax: 0, gross: 0 } };

describe('what is posted', () => {
  it('an invoice: receivables against sales, carriage and output tax', () => {
    expect(invoicePostings(carriageToo, lines)).toEqual([
      { account: 'receivables', amount: 6_480 },
      { account: 'sales', amount: -5_000 },
      { account: 'charges', amount: -400 },
      { account: 'output_tax', amount: -1_080 },
    ]);
  });

  it('an invoice over nothing: receivables of zero, so that it is in the books', () => {
    expect(invoicePostings(nothing, [{ kind: 'goods', quantity: 1, net: 0 }])).toEqual([
      { account: 'receivables', amount: 0 },
    ]);
  });

  it('a credit note: returns, carriage and tax against receivables', () => {
    expect(creditNotePostings(carriageToo, lines, { applied: 6_480 })).toEqual([
      { account: 'sales_returns', amount: 5_000 },
      { account: 'charges', amount: 400 },
      { account: 'output_tax', amount: 1_080 },
      { account: 'receivables', amount: -6_480 },
    ]);
    expect(creditNotePostings(nothing, [], { applied: 0 })).toEqual([{ account: 'receivables', amount: 0 }]);
  });

  it.each([
    ['bank_transfer', 'bank'],
    ['cash', 'cash'],
    ['card', 'clearing'],
    ['cheque', 'clearing'],
    ['sepa_debit', 'clearing'],
    ['ach_debit', 'clearing'],
  ] as const)('money by %s comes to account %s', (method, account) => {
    expect(paymentPostings({ method, amount: 6_480, allocated: 6_480 })).toEqual([
      { account, amount: 6_480 },
      { account: 'receivables', amount: -6_480 },
    ]);
  });

  it('a credit note of which only a part settles something: the rest is kept for the customer', () => {
    expect(creditNotePostings(carriageToo, lines, { applied: 1_000 }).slice(-2)).toEqual([
      { account: 'receivables', amount: -1_000 },
      { account: 'unapplied', amount: -5_480 },
    ]);
  });

  it('a payment of which the bank kept a fee and a part settles nothing yet', () => {
    expect(paymentPostings({ method: 'bank_transfer', amount: 6_480, allocated: 6_000, fee: 25 })).toEqual([
      { account: 'bank', amount: 6_455 },
      { account: 'payment_fees', amount: 25 },
      { account: 'receivables', amount: -6_000 },
      { account: 'unapplied', amount: -480 },
    ]);
  });

  it('goods of which the cost is known: they leave the inventory, and come back when they come back', () => {
    const costed = [{ kind: 'goods', quantity: 4, net: 5_000, unitCost: 430 }] as const;
    const plain = { totals: { net: 5_000, tax: 1_000, gross: 6_000 } };
    expect(invoicePostings(plain, costed)).toEqual([
      { account: 'receivables', amount: 6_000 },
      { account: 'sales', amount: -5_000 },
      { account: 'output_tax', amount: -1_000 },
      { account: 'cost_of_goods', amount: 1_720 },
      { account: 'inventory', amount: -1_720 },
    ]);
    expect(creditNotePostings(plain, costed, { applied: 6_000 }).slice(-2)).toEqual([
      { account: 'inventory', amount: 1_720 },
      { account: 'cost_of_goods', amount: -1_720 },
    ]);
  });

  it('a discount and freight on the document as a whole', () => {
    const document = {
      totals: { net: 4_900, tax: 980, gross: 5_880 },
      adjustments: [
        { kind: 'discount', net: 1_000 },
        { kind: 'freight', net: 500 },
      ],
    } as const;
    expect(invoicePostings(document, lines)).toEqual([
      { account: 'receivables', amount: 5_880 },
      { account: 'sales', amount: -4_000 },
      { account: 'charges', amount: -900 },
      { account: 'output_tax', amount: -980 },
    ]);
  });

  it('a deposit: a liability when it is invoiced, a sale with the final invoice, given back when it is credited', () => {
    const deposit = { totals: { net: 2_000, tax: 400, gross: 2_400 } };
    expect(depositInvoicePostings(deposit)).toEqual([
      { account: 'receivables', amount: 2_400 },
      { account: 'deposits', amount: -2_000 },
      { account: 'output_tax', amount: -400 },
    ]);
    const final = { totals: { net: 3_400, tax: 680, gross: 4_080 }, deductions: [{ net: 2_000 }] };
    expect(invoicePostings(final, lines)).toEqual([
      { account: 'receivables', amount: 4_080 },
      { account: 'deposits', amount: 2_000 },
      { account: 'sales', amount: -5_000 },
      { account: 'charges', amount: -400 },
      { account: 'output_tax', amount: -680 },
    ]);
    expect(creditNotePostings(deposit, [], { applied: 2_400, ofDeposit: true })).toEqual([
      { account: 'deposits', amount: 2_000 },
      { account: 'output_tax', amount: 400 },
      { account: 'receivables', amount: -2_400 },
    ]);
  });

  it('a discount for paying early, a refund and a claim that is lost', () => {
    expect(discountPostings(120, 20)).toEqual([
      { account: 'discounts_allowed', amount: 100 },
      { account: 'output_tax', amount: 20 },
      { account: 'receivables', amount: -120 },
    ]);
    expect(refundPostings('card', 700)).toEqual([
      { account: 'unapplied', amount: 700 },
      { account: 'clearing', amount: -700 },
    ]);
    expect(writeOffPostings(4_500)).toEqual([
      { account: 'bad_debts', amount: 4_500 },
      { account: 'receivables', amount: -4_500 },
    ]);
  });

  it('what a credit note takes back of discount and loss: owed again, and no part of what is credited', () => {
    const takenBack = takenBackPostings({
      discountTakenBack: { amount: 120, tax: 20 },
      writeOffTakenBack: 480,
    });
    expect(takenBack).toEqual([
      { account: 'discounts_allowed', amount: -100 },
      { account: 'output_tax', amount: -20 },
      { account: 'receivables', amount: 120 },
      { account: 'bad_debts', amount: -480 },
      { account: 'receivables', amount: 480 },
    ]);
    expect(takenBackPostings({})).toEqual([]);
    const credit = creditNotePostings(carriageToo, lines, { applied: 600 });
    expect(creditedBy({ postings: [...credit, ...takenBack] })).toBe(6_480);
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
    expect(trialBalance(addEntries([inYen, anEntry(), credited]).turnover, shippedChart)).toEqual([
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
    expect(trialBalance(addEntries([damaged]).turnover, shippedChart)[0]?.difference).toBe(7);
  });

  it('of no entries is empty', () => {
    expect(trialBalance(addEntries([]).turnover, shippedChart)).toEqual([]);
  });
});
