import { describe, expect, it } from 'vitest';
import { BankLine, type BankStatement } from '#shared/bank/bank-line.ts';
import { Reconciling } from '#shared/bank/reconcile.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { anEntry, aStatement, STATEMENT_ID } from '../../builders/bank-line.ts';
import { anEntry as aLedgerEntry, PAYMENT_ID } from '../../builders/invoice.ts';

const on = CalendarDate.parse('2026-04-30');
const GBP = Currency.parse('GBP');
const LATER = 'bst_fedcba9876543210fedcba9876543210';

const matched = () =>
  BankLine.parse({
    status: 'matched',
    bankStatementId: STATEMENT_ID,
    bankAccountId: 'main',
    entry: anEntry(),
    bookedOn: '2026-03-31',
    outcome: { kind: 'payment', paymentId: PAYMENT_ID },
    by: 'finance',
    at: '2026-04-01T08:00:00.000Z',
    version: 1,
  });
const received = (amount: number, overrides: Record<string, unknown> = {}) =>
  aLedgerEntry({
    kind: 'payment',
    source: PAYMENT_ID,
    postings: [
      { account: 'bank', amount },
      { account: 'unapplied', amount: -amount },
    ],
    ...overrides,
  });
/** Starts GBP 12.00 above where the one before ended. */
const later = (): BankStatement => {
  const header = { ...aStatement(0, 0).header, openingBalance: 17_200, closingBalance: 17_200 };
  return aStatement(0, 0, {
    bankStatementId: LATER,
    header: { ...header, openingOn: '2026-04-15', closingOn: '2026-04-15' },
  });
};

describe('bank and books', () => {
  it('differ by what was there before, and by a statement that is missing', () => {
    const reconciling = new Reconciling(on, GBP);
    reconciling.entry(received(6_000));
    reconciling.line(matched());
    const stored = new Map([[STATEMENT_ID, 6_000]]);
    expect(reconciling.result([later(), aStatement(6_000, 1)], stored)).toMatchObject({
      accounts: [{ bankStatementId: LATER, closingBalance: 17_200 }],
      closingBalance: 17_200,
      ledgerBalance: 6_000,
      items: [
        { kind: 'opening_balance', amount: 10_000 },
        { kind: 'missing_statement', amount: 1_200, told: [{ source: LATER }] },
      ],
      difference: 0,
    });
  });

  it('differ by lines that are not stored yet', () => {
    const result = new Reconciling(on, GBP).result([aStatement(6_000, 1)], new Map());
    expect(result.items).toMatchObject([
      { kind: 'opening_balance', amount: 10_000 },
      { kind: 'being_imported', amount: 6_000 },
    ]);
    expect(result.difference).toBe(0);
  });

  it('differ by what was given back of a payment and is on no statement yet', () => {
    const reconciling = new Reconciling(on, GBP);
    reconciling.entry(received(6_000));
    reconciling.entry(received(-2_000, { kind: 'refund' }));
    reconciling.line(matched());
    const { items } = reconciling.result([aStatement(6_000, 1)], new Map([[STATEMENT_ID, 6_000]]));
    expect(items).toMatchObject([
      { kind: 'opening_balance', amount: 10_000 },
      { kind: 'not_on_statement', amount: 2_000, told: [{ source: PAYMENT_ID }] },
    ]);
  });

  it('leave out other currencies, later days and other accounts of the ledger', () => {
    const reconciling = new Reconciling(on, GBP);
    reconciling.entry(received(6_000, { currency: 'EUR' }));
    reconciling.entry(received(6_000, { date: '2026-05-01' }));
    reconciling.entry(received(0));
    expect(reconciling.result([], new Map())).toMatchObject({ ledgerBalance: 0, items: [], difference: 0 });
  });

  it('tell a hundred of a kind one by one, and sum all', () => {
    const reconciling = new Reconciling(on, GBP);
    for (let n = 0; n < 250; n++) reconciling.entry(received(100, { source: `payment ${n}` }));
    const [item] = reconciling.result([], new Map()).items;
    expect(item).toMatchObject({ kind: 'not_on_statement', amount: -25_000, count: 250 });
    expect(item?.told).toHaveLength(100);
  });
});
