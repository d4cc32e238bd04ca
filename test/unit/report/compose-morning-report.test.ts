import { describe, expect, it } from 'vitest';
import { CustomerId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import type { AccountRole } from '#shared/ledger/chart.ts';
import type { Entry } from '#shared/ledger/ledger.ts';
import { composeMorningReport } from '#shared/report/compose-morning-report.ts';
import { measureAccuracy } from '#shared/report/invoice-accuracy.ts';
import type { OwedInvoice, ReportSources } from '#shared/report/report-sources.ts';
import { aCompany } from '#test/builders/company.ts';
import { anEntry } from '#test/builders/invoice.ts';
import { openInvoice } from '#test/builders/open-invoice.ts';

const company = aCompany();
const gbp = Currency.parse('GBP');
const eur = Currency.parse('EUR');
const april7 = CalendarDate.parse('2026-04-07');
const nothingIssued = measureAccuracy(
  { from: CalendarDate.parse('2026-04-01'), to: april7, until: april7 },
  new Set(),
  [],
);
const nothing: ReportSources = {
  orders: [],
  entries: [],
  accuracy: nothingIssued,
  reminders: [],
  owed: [],
  unapplied: [],
  held: [],
  contacts: new Map(),
};

/** The report of 7 April, drawn up at 06:30 on the 8th. */
const report = (sources: Partial<ReportSources>) =>
  composeMorningReport(company, CalendarDate.parse('2026-04-07'), Instant.parse('2026-04-08T05:30:00.000Z'), {
    ...nothing,
    ...sources,
  });

const owed = (n: number, details: Parameters<typeof openInvoice>[1], onCallList = false): OwedInvoice => ({
  ...openInvoice(n, details),
  onCallList,
});

function entry(n: number, kind: Entry['kind'], ...postings: [account: AccountRole, amount: number][]): Entry {
  return anEntry({
    entryId: `ent_01kmbs000000000000000000${String(n).padStart(2, '0')}`,
    date: '2026-04-07',
    kind,
    postings: postings.map(([account, amount]) => ({ account, amount })),
  });
}

describe('the figures of the day', () => {
  it('add up orders, and the ledger by document and method of payment', () => {
    const [figures, ...others] = report({
      orders: [
        { currency: gbp, net: 10000, gross: 12000 },
        { currency: gbp, net: 500, gross: 600 },
      ],
      held: [{ currency: gbp, gross: 7777 }],
      entries: [
        entry(
          1,
          'invoice',
          ['receivables', 12000],
          ['sales', -9000],
          ['charges', -1000],
          ['output_tax', -2000],
        ),
        entry(2, 'invoice', ['receivables', 600], ['sales', -600]),
        entry(3, 'credit_note', ['receivables', -1200], ['sales_returns', 1000], ['output_tax', 200]),
        entry(4, 'payment', ['bank', 5000], ['receivables', -5000]),
        entry(5, 'payment', ['bank', 2500], ['receivables', -2500]),
        entry(6, 'payment', ['clearing', 300], ['receivables', -300]),
      ],
      unapplied: [
        { currency: gbp, amount: 250 },
        { currency: gbp, amount: 50 },
      ],
    }).currencies;
    expect(others).toEqual([]);
    expect(figures).toMatchObject({
      currency: 'GBP',
      orders: { count: 2, net: 10500, gross: 12600 },
      heldOrders: { count: 1, gross: 7777 },
      invoices: { count: 2, net: 10600, tax: 2000, gross: 12600 },
      creditNotes: { count: 1, gross: 1200 },
      cash: [
        { method: 'bank_transfer', count: 2, amount: 7500 },
        { method: 'card', count: 1, amount: 300 },
      ],
      receivables: { total: 0, unapplied: 300 },
    });
  });

  it('are empty on a quiet day', () => {
    expect(report({})).toEqual({
      company,
      accuracy: nothingIssued,
      date: '2026-04-07',
      at: '2026-04-08T05:30:00.000Z',
      currencies: [],
      reminders: [],
      callList: [],
      openItems: [],
    });
  });

  it('count reminders by step', () => {
    const first = { step: 1, stepName: 'first reminder' };
    const second = { step: 2, stepName: 'second reminder' };
    expect(report({ reminders: [second, first, first] }).reminders).toEqual([
      { ...first, count: 2 },
      { ...second, count: 1 },
    ]);
  });
});

describe('receivables', () => {
  it('are aged from the due date to the morning of the report, and add up', () => {
    const dueOn = [
      '2026-04-08',
      '2026-04-07',
      '2026-03-09',
      '2026-03-08',
      '2026-02-07',
      '2026-01-08',
      '2026-01-07',
    ];
    const invoices = dueOn.map((due, index) => owed(index + 1, { dueOn: due, balance: 10 ** index }));
    expect(report({ owed: invoices }).currencies[0]?.receivables).toEqual({
      buckets: {
        not_due: { count: 1, balance: 1 },
        '1-30': { count: 2, balance: 110 },
        '31-60': { count: 2, balance: 11000 },
        '61-90': { count: 1, balance: 100000 },
        over_90: { count: 1, balance: 1000000 },
      },
      total: 1111111,
      unapplied: 0,
    });
  });

  it('are listed longest overdue first, with the customer by name', () => {
    const acme = CustomerId.parse('cus_acme');
    const { openItems } = report({
      owed: [
        owed(1, { dueOn: '2026-04-20' }),
        owed(2, { dueOn: '2026-03-29' }),
        owed(3, { customerId: 'cus_gone', dueOn: '2026-04-01' }),
      ],
      contacts: new Map([[acme, { name: 'Acme Ltd', email: 'accounts@acme.example' }]]),
    });
    expect(
      openItems.map(({ number, customerName, daysOverdue }) => [number, customerName, daysOverdue]),
    ).toEqual([
      ['INV-2026-000002', 'Acme Ltd', 10],
      ['INV-2026-000003', 'cus_gone', 7],
      ['INV-2026-000001', 'Acme Ltd', -12],
    ]);
  });

  it('name the ten customers that owe most past due, leaving out what is not due', () => {
    const invoices = Array.from({ length: 11 }, (_, index) =>
      owed(index + 1, { customerId: `cus_${index + 1}`, balance: (index + 1) * 100 }),
    );
    const [figures] = report({
      owed: [
        ...invoices,
        owed(12, { customerId: 'cus_2', balance: 5000, dueOn: '2026-03-09' }),
        owed(13, { customerId: 'cus_1', balance: 99999, dueOn: '2026-04-08' }),
      ],
    }).currencies;
    expect(figures?.biggestOverdue).toHaveLength(10);
    expect(figures?.biggestOverdue[0]).toEqual({
      customerId: 'cus_2',
      customerName: 'cus_2',
      invoices: 2,
      balance: 5200,
      oldestDays: 30,
    });
    expect(figures?.biggestOverdue.map(({ customerId }) => customerId)).not.toContain('cus_1');
  });

  it('are aged instalment by instalment', () => {
    const parts = [
      { dueOn: CalendarDate.parse('2026-03-01'), amount: 1_000 },
      { dueOn: CalendarDate.parse('2026-04-01'), amount: 2_000 },
      { dueOn: CalendarDate.parse('2026-05-01'), amount: 2_000 },
    ];
    const { openItems, currencies } = report({
      owed: [{ ...owed(1, { dueOn: '2026-03-01', balance: 5_000 }), parts }],
    });
    expect(openItems.map(({ dueOn, balance }) => [dueOn, balance])).toEqual([
      ['2026-03-01', 1_000],
      ['2026-04-01', 2_000],
      ['2026-05-01', 2_000],
    ]);
    expect(currencies[0]?.receivables).toMatchObject({
      buckets: {
        not_due: { count: 1, balance: 2_000 },
        '1-30': { count: 1, balance: 2_000 },
        '31-60': { count: 1, balance: 1_000 },
      },
      total: 5_000,
    });
    expect(currencies[0]?.biggestOverdue).toMatchObject([{ invoices: 1, balance: 3_000, oldestDays: 38 }]);
  });

  it('put the currency with the largest receivables first', () => {
    const { currencies } = report({
      owed: [owed(1, { balance: 100 }), owed(2, { currency: 'EUR', balance: 200 })],
    });
    expect(currencies.map(({ currency }) => currency)).toEqual([eur, gbp]);
  });
});

describe('the call list', () => {
  it('holds each customer once a currency, with how to reach it', () => {
    const { callList } = report({
      owed: [
        owed(1, { dueOn: '2026-02-01' }, true),
        owed(2, { dueOn: '2026-02-10', balance: 50 }, true),
        owed(3, { dueOn: '2026-01-01', currency: 'EUR' }, true),
        owed(4, { dueOn: '2026-03-01' }),
      ],
      contacts: new Map([
        [CustomerId.parse('cus_acme'), { name: 'Acme Ltd', email: 'accounts@acme.example' }],
      ]),
    });
    expect(callList).toEqual([
      {
        customerId: 'cus_acme',
        customerName: 'Acme Ltd',
        email: 'accounts@acme.example',
        currency: 'EUR',
        invoices: 1,
        balance: 10000,
        oldestDays: 97,
      },
      {
        customerId: 'cus_acme',
        customerName: 'Acme Ltd',
        email: 'accounts@acme.example',
        currency: 'GBP',
        invoices: 2,
        balance: 10050,
        oldestDays: 66,
      },
    ]);
  });
});
