import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CorrectionReason } from '../invoice/invoice.ts';
import { daysBetween } from '../kernel/calendar.ts';
import { DomainError } from '../kernel/errors.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

const Share = z.string().regex(/^\d{1,3}\.\d{2}$/);

/** How many invoices were right the first time. Shares in per cent, missing where nothing was issued. */
export const InvoiceAccuracyView = z.strictObject({
  from: CalendarDate,
  to: CalendarDate,
  until: CalendarDate,
  issued: z.int(),
  wrong: z.int(),
  otherwiseCredited: z.int(),
  uncorrected: z.int(),
  accuracy: Share.optional(),
  uncorrectedShare: Share.optional(),
  reasons: z.array(
    z.strictObject({
      reason: CorrectionReason,
      error: z.boolean(),
      creditNotes: z.int(),
      invoices: z.int(),
      amounts: z.array(z.strictObject({ currency: Currency, amount: Minor })),
    }),
  ),
});

export const getInvoiceAccuracy = contract({
  operationId: 'getInvoiceAccuracy',
  description:
    'Of the invoices issued from `from` to `to` (left out: this month until today), the share never corrected for a reason that says they were wrong (price, quantity, tax, address, duplicate, other), the stricter share never credited at all, and every reason with its count and amounts. Credit notes count for the month of their invoice, until today. `from` is at most 400 days ago.',
  query: z.strictObject({ from: CalendarDate.optional(), to: CalendarDate.optional() }),
  status: 200,
  response: InvoiceAccuracyView,
  example: {
    response: {
      from: '2026-03-01',
      to: '2026-03-31',
      until: '2026-04-07',
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
          amounts: [{ currency: 'GBP', amount: 2400 }],
        },
        {
          reason: 'goods_returned',
          error: false,
          creditNotes: 5,
          invoices: 4,
          amounts: [{ currency: 'GBP', amount: 9600 }],
        },
      ],
    },
  },
});

/** The ledger is read day by day, from `from` to today: this many days at most. */
const MAX_DAYS = 400;

/**
 * The invoices a caller asks about.
 * @throws DomainError `validation_failed` when the period ends before it begins, has not come yet or is too long ago
 */
export function accuracyPeriodAsked(
  { from, to }: { from?: CalendarDate | undefined; to?: CalendarDate | undefined },
  today: CalendarDate,
): { from: CalendarDate; to: CalendarDate; until: CalendarDate } {
  const end = to ?? today;
  const start = from ?? CalendarDate.parse(`${end.slice(0, 8)}01`);
  if (end > today) throw refused('to', `must not be after ${today}`);
  if (start > end) throw refused('from', `must not be after ${end}`);
  if (daysBetween(start, today) > MAX_DAYS) throw refused('from', `must be at most ${MAX_DAYS} days ago`);
  return { from: start, to: end, until: today };
}

function refused(path: string, message: string): DomainError {
  return new DomainError('validation_failed', 'There are no figures of this period.', {
    issues: [{ path, message }],
  });
}
