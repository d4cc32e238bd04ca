import { CustomerId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import type { CurrencyFigures, MorningReport, OpenItemRow } from '#shared/report/morning-report.ts';
import { albion } from './sample.ts';

/** An open item of £1,234.50, 12 days overdue, with `changes`. */
export function openItem(changes: Partial<OpenItemRow> = {}): OpenItemRow {
  return {
    number: 'INV-2026-000042',
    customerId: CustomerId.parse('cus_14075'),
    customerName: 'Harbour Lane Interiors Ltd',
    issuedOn: CalendarDate.parse('2026-02-18'),
    dueOn: CalendarDate.parse('2026-03-20'),
    daysOverdue: 12,
    currency: Currency.parse('GBP'),
    balance: 123450,
    status: 'open',
    ...changes,
  };
}

const sterling: CurrencyFigures = {
  currency: Currency.parse('GBP'),
  orders: { count: 137, net: 4512390, gross: 5414868 },
  heldOrders: { count: 3, gross: 812400 },
  invoices: { count: 121, net: 4012000, tax: 802400, gross: 4814400 },
  creditNotes: { count: 4, gross: 32150 },
  cash: [
    { method: 'bank_transfer', count: 48, amount: 2210455 },
    { method: 'card', count: 22, amount: 318020 },
  ],
  receivables: {
    buckets: {
      not_due: { count: 310, balance: 11200450 },
      '1-30': { count: 84, balance: 2310000 },
      '31-60': { count: 21, balance: 640075 },
      '61-90': { count: 6, balance: 120000 },
      over_90: { count: 2, balance: 48000 },
    },
    total: 14318525,
    unapplied: 118525,
  },
  biggestOverdue: [
    {
      customerId: CustomerId.parse('cus_14075'),
      customerName: 'Harbour Lane Interiors Ltd',
      invoices: 7,
      balance: 912000,
      oldestDays: 64,
    },
    {
      customerId: CustomerId.parse('cus_17850'),
      customerName: '=HYPERLINK("https://evil.example","click") <b>Ltd</b>',
      invoices: 1,
      balance: 48000,
      oldestDays: 97,
    },
  ],
};

/** The morning report of Albion Gifts for 31 March 2026, with `changes`. */
export function morningReport(changes: Partial<MorningReport> = {}): MorningReport {
  return {
    company: albion,
    date: CalendarDate.parse('2026-03-31'),
    at: instant('2026-04-01T05:30:00Z'),
    currencies: [sterling],
    accuracy: {
      from: CalendarDate.parse('2026-03-01'),
      to: CalendarDate.parse('2026-03-31'),
      until: CalendarDate.parse('2026-03-31'),
      issued: 400,
      wrong: 2,
      otherwiseCredited: 4,
      uncorrected: 394,
      accuracy: '99.50',
      uncorrectedShare: '98.50',
      reasons: [
        {
          reason: 'price',
          error: true,
          creditNotes: 2,
          invoices: 2,
          amounts: [{ currency: Currency.parse('GBP'), amount: 2_400 }],
        },
        {
          reason: 'goods_returned',
          error: false,
          creditNotes: 5,
          invoices: 4,
          amounts: [
            { currency: Currency.parse('EUR'), amount: 1_000 },
            { currency: Currency.parse('GBP'), amount: 9_600 },
          ],
        },
      ],
    },
    reminders: [
      { step: 1, stepName: 'first reminder', count: 18 },
      { step: 2, stepName: 'second reminder', count: 5 },
    ],
    callList: [
      {
        customerId: CustomerId.parse('cus_17850'),
        customerName: 'Old Mill Trading',
        currency: Currency.parse('GBP'),
        invoices: 1,
        balance: 48000,
        oldestDays: 97,
        email: 'pay@old-mill.example',
      },
    ],
    openItems: [openItem()],
    ...changes,
  };
}
