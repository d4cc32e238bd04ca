import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery } from '../http/paging.ts';
import { addDays } from '../kernel/calendar.ts';
import { CustomerId, EntryId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { AccountRole, AccountType } from './chart.ts';
import { JournalNumber } from './journal.ts';
import { EntryKind } from './ledger.ts';
import { Month } from './period.ts';

/** Days that one request may go through. */
const LONGEST = 366;

const Account = { role: AccountRole, account: z.string(), name: z.string(), type: AccountType };

export const TrialBalanceView = z.strictObject({
  /** Balances at the end of this day, or turnover from and to (both included). */
  on: CalendarDate.optional(),
  from: CalendarDate.optional(),
  to: CalendarDate.optional(),
  /** The version of the chart that gives codes and names. */
  chart: z.string(),
  balances: z.array(
    z.strictObject({
      currency: Currency,
      /** `balance` = `debits` − `credits`, minor units. */
      accounts: z.array(z.strictObject({ ...Account, debits: Minor, credits: Minor, balance: Minor })),
      debits: Minor,
      credits: Minor,
      /** 0 in books that balance. */
      difference: Minor,
    }),
  ),
});

export const AccountPageView = z.strictObject({
  ...Account,
  currency: Currency,
  from: CalendarDate,
  to: CalendarDate,
  /** Before the first and after the last of these lines; minor units, debits positive. */
  opening: Minor,
  lines: z.array(
    z.strictObject({
      date: CalendarDate,
      entryId: EntryId,
      kind: EntryKind,
      source: z.string(),
      reference: z.string(),
      customerId: CustomerId.optional(),
      amount: Minor,
      balance: Minor,
    }),
  ),
  closing: Minor,
  nextCursor: z.string().optional(),
});

/** A month of the books. */
const PeriodView = z.strictObject({
  month: Month,
  status: z.enum(['open', 'closed']),
  closedAt: Instant.optional(),
  closedBy: z.string().optional(),
  /** The first day on which an open month may be closed. */
  closableFrom: CalendarDate.optional(),
});

const journal = {
  number: JournalNumber,
  from: CalendarDate,
  to: CalendarDate,
  entries: z.int(),
  takenAt: Instant,
  takenBy: z.string(),
  /** The version of the chart that gives codes and names. */
  chart: z.string(),
  links: z.strictObject({ self: z.string(), csv: z.string() }),
};

export const JournalReceipt = z.strictObject(journal);
export type JournalReceipt = z.infer<typeof JournalReceipt>;

export const JournalView = z.strictObject({
  ...journal,
  lines: z.array(
    z.strictObject({
      date: CalendarDate,
      entryId: EntryId,
      kind: EntryKind,
      reference: z.string(),
      source: z.string(),
      customerId: CustomerId.optional(),
      account: z.string(),
      accountName: z.string(),
      currency: Currency,
      debit: Minor,
      credit: Minor,
    }),
  ),
  nextCursor: z.string().optional(),
});

const range = { from: CalendarDate, to: CalendarDate };
const cursor = PageQuery.shape.cursor;

const inOrder = ({ from, to }: { from?: CalendarDate | undefined; to?: CalendarDate | undefined }) =>
  from === undefined || to === undefined || (from <= to && to < addDays(from, LONGEST));
const order = { path: ['to'], message: `must be from on, and at most ${LONGEST} days of it` };

export const getTrialBalance = contract({
  operationId: 'getTrialBalance',
  description:
    'Balances at the end of `on` (today when left out), or the turnover from `from` to `to`. Balances read the last closed month and the days since.',
  query: z
    .strictObject({ on: CalendarDate.optional(), from: range.from.optional(), to: range.to.optional() })
    .refine(
      ({ on, from, to }) =>
        (from === undefined) === (to === undefined) && !(on !== undefined && from !== undefined),
      { path: ['on'], message: 'is either given, or from and to are, or nothing is' },
    )
    .refine(inOrder, order),
  status: 200,
  response: TrialBalanceView,
});

export const getLedgerAccount = contract({
  operationId: 'getLedgerAccount',
  description:
    'What was posted to an account in a currency, by its code in the chart in force, with running balances.',
  params: z.strictObject({ code: z.string().min(1).max(16) }),
  query: z.strictObject({ ...PageQuery.shape, ...range, currency: Currency }).refine(inOrder, order),
  status: 200,
  response: AccountPageView,
  problems: ['account_not_found', 'cursor_invalid'],
});

export const exportLedger = contract({
  operationId: 'exportLedger',
  description:
    'All entries of these days as CSV, as the plain text that hledger and ledger read (`ledger`), or as beancount. What does not fit one answer goes on at the `Link` with `rel="next"`; the answers put together are one file.',
  query: z
    .strictObject({ ...range, format: z.enum(['csv', 'ledger', 'beancount']).default('csv'), cursor })
    .refine(inOrder, order),
  status: 200,
  texts: ['text/csv', 'text/plain'],
  problems: ['cursor_invalid'],
});

export const listPeriods = contract({
  operationId: 'listPeriods',
  status: 200,
  response: z.strictObject({ items: z.array(PeriodView) }),
});

export const closePeriod = contract({
  operationId: 'closePeriod',
  description:
    'For good. Entries are dated the day they are made, so a month that has ended gets none any more; corrections go into the open month. Months are closed in their order, from a day after their end.',
  params: z.strictObject({ month: Month }),
  status: 200,
  response: PeriodView,
  idempotent: true,
  problems: ['period_not_ended', 'period_closed', 'period_before_open', 'version_conflict'],
});

export const takeJournal = contract({
  operationId: 'takeJournal',
  description:
    'The next journal for your ERP: all entries since the last one, up to the end of yesterday. Journals are numbered without gaps and never change, so that an import that knows the number never posts twice.',
  status: 201,
  response: JournalReceipt,
  idempotent: true,
  problems: ['journal_empty', 'version_conflict'],
});

export const getJournal = contract({
  operationId: 'getJournal',
  description:
    'The same bytes whenever it is read. As CSV, what does not fit one answer goes on at the `Link`.',
  params: z.strictObject({ number: JournalNumber }),
  query: z.strictObject({ format: z.enum(['json', 'csv']).default('json'), cursor }),
  status: 200,
  response: JournalView,
  texts: ['text/csv'],
  problems: ['journal_not_found', 'cursor_invalid'],
});
