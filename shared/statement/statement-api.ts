import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { Instalment } from '../invoice/invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import { CustomerId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { movementKinds } from './statement.ts';

const holder = { customerId: CustomerId, name: z.string(), currency: Currency };

/** What is open on a day, oldest due date first. `total` = `invoiced` − `credit`. Minor units. */
const OpenItemStatementView = z.strictObject({
  kind: z.literal('open_item'),
  ...holder,
  on: CalendarDate,
  items: z.array(
    z.strictObject({
      invoiceId: InvoiceId,
      number: z.string(),
      issuedOn: CalendarDate,
      dueOn: CalendarDate,
      total: Minor,
      balance: Minor,
      overdueDays: z.int().min(0),
      disputed: z.boolean(),
      instalments: z.array(Instalment).optional(),
    }),
  ),
  unapplied: z.array(
    z.strictObject({
      kind: z.enum(['payment', 'credit_note']),
      id: z.string(),
      reference: z.string(),
      date: CalendarDate,
      amount: Minor,
    }),
  ),
  ageing: z.strictObject({ not_due: Minor, '1-30': Minor, '31-60': Minor, '61-90': Minor, over_90: Minor }),
  invoiced: Minor,
  credit: Minor,
  total: Minor,
});

/** What changed the account in a period, in order. `opening` + movements = `closing`. Minor units. */
const PeriodStatementView = z.strictObject({
  kind: z.literal('period'),
  ...holder,
  from: CalendarDate,
  to: CalendarDate,
  opening: Minor,
  movements: z.array(
    z.strictObject({
      date: CalendarDate,
      kind: z.enum(movementKinds),
      reference: z.string(),
      source: z.string(),
      amount: Minor,
      balance: Minor,
    }),
  ),
  closing: Minor,
});

export const StatementView = z.discriminatedUnion('kind', [OpenItemStatementView, PeriodStatementView]);
export type StatementView = z.infer<typeof StatementView>;

const forms = ['json', 'pdf'] as const;

export const getStatement = contract({
  operationId: 'getStatement',
  description:
    'Of `kind` `open_item`: every open invoice, credit not set against one, and the ageing, as it is now. Of `kind` `period`: opening balance, whatever changed the account from `from` to `to` with the balance after it, closing balance; left out, `from` is the first of the month of `to`, and `to` is today. As JSON, or as PDF in the language of the customer, by `Accept` or `format`. Customers see their own only.',
  params: z.strictObject({ customerId: CustomerId }),
  query: z.strictObject({
    kind: z.enum(['open_item', 'period']).default('open_item'),
    from: CalendarDate.optional(),
    to: CalendarDate.optional(),
    format: z.enum(forms).optional(),
  }),
  status: 200,
  response: StatementView,
  produces: forms,
  problems: ['customer_not_found'],
  example: {
    response: {
      kind: 'period',
      customerId: 'cus_bluebell',
      name: 'Bluebell Home Limited',
      currency: 'GBP',
      from: '2026-03-01',
      to: '2026-03-31',
      opening: 0,
      movements: [
        {
          date: '2026-03-03',
          kind: 'invoice',
          reference: 'INV-2026-000042',
          source: 'inv_01k0000000000000000000000b',
          amount: 6000,
          balance: 6000,
        },
        {
          date: '2026-03-30',
          kind: 'payment',
          reference: 'FT 4711',
          source: 'pay_01k0000000000000000000000c',
          amount: -6000,
          balance: 0,
        },
      ],
      closing: 0,
    },
  },
});

/** A statement is a letter, not an export: longer ones are asked for in parts. One answer holds 6 MB. */
export const MAX_MOVEMENTS = 10_000;

/**
 * The period a caller asks for.
 * @throws DomainError `validation_failed` when it ends before it begins or has not come yet
 */
export function periodAsked(
  { from, to }: { from?: CalendarDate | undefined; to?: CalendarDate | undefined },
  today: CalendarDate,
): { from: CalendarDate; to: CalendarDate } {
  const end = to ?? today;
  const start = from ?? CalendarDate.parse(`${end.slice(0, 8)}01`);
  if (end > today) throw refused('to', `must not be after ${today}`);
  if (start > end) throw refused('from', `must not be after ${end}`);
  return { from: start, to: end };
}

/** @throws DomainError `validation_failed` when a period has more movements than one answer holds */
export function assertShort(movements: number): void {
  if (movements > MAX_MOVEMENTS) {
    throw refused('from', `the period has ${movements} movements, more than ${MAX_MOVEMENTS}: ask for parts`);
  }
}

function refused(path: string, message: string): DomainError {
  return new DomainError('validation_failed', 'There is no statement of this period.', {
    issues: [{ path, message }],
  });
}
