import * as z from 'zod';
import { BankStatementId } from '../bank/bank-line.ts';
import { contract } from '../http/contract.ts';
import { PageQuery } from '../http/paging.ts';
import { CustomerId, DirectDebitId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { type DebitBatch, type DebitItem, type DirectDebit, filesOf } from './direct-debit.ts';

/** A run and what it collects. Minor units. */
export const DirectDebitView = z.strictObject({
  directDebitId: DirectDebitId,
  format: z.enum(['sepa', 'nacha']),
  /** Its files may be asked for once it is `ready`; until then `count` and `total` say how far it is. */
  status: z.enum(['collecting', 'ready', 'settling', 'settled', 'cancelling', 'cancelled']),
  /** A bank day: the day asked for, or the next that is one. */
  collectOn: CalendarDate,
  currency: Currency,
  count: z.int(),
  total: Minor,
  /** How many files it makes for the bank: 5,000 debits each. */
  files: z.int(),
  /** What the bank books as one sum each. `released` of `total` was refused, `settled` once its money came, by `bankLine`, else debit by debit. */
  batches: z.array(
    z.strictObject({
      file: z.int(),
      scheme: z.string(),
      sequence: z.string().optional(),
      count: z.int(),
      total: Minor,
      released: Minor,
      settled: z.boolean(),
      bankLine: z.strictObject({ bankStatementId: BankStatementId, line: z.int() }).optional(),
    }),
  ),
  createdAt: Instant,
  createdBy: z.string(),
  cancelledAt: Instant.optional(),
  items: z.array(
    z.strictObject({
      endToEndId: z.string(),
      invoiceId: InvoiceId,
      number: z.string(),
      customerId: CustomerId,
      amount: Minor,
      mandateId: z.string(),
      scheme: z.string(),
      releasedAt: Instant.optional(),
      paymentId: PaymentId.optional(),
    }),
  ),
  /** Where the next page of `items` begins. */
  nextCursor: z.string().optional(),
  links: z.strictObject({ self: z.string() }),
});
export type DirectDebitView = z.infer<typeof DirectDebitView>;

const params = z.strictObject({ directDebitId: DirectDebitId });

export const createDirectDebit = contract({
  operationId: 'createDirectDebit',
  description:
    'Gathers what is due by `collectOn` from customers with an active mandate, however much that is: what does not fit into one transaction follows after the answer, while the run is `collecting`. A `collectOn` on which the payment system (TARGET, Federal Reserve) is closed is moved to the next day on which it is open. The customers are told by mail; no reminder is sent of what is in a run. The money is booked when the bank statement shows it, debit by debit or as one sum for each batch. `sepa` collects euros, `nacha` dollars.',
  body: z.strictObject({ format: z.enum(['sepa', 'nacha']), collectOn: CalendarDate }),
  status: 201,
  response: DirectDebitView,
  idempotent: true,
  problems: [
    'nothing_to_collect',
    'collect_date_too_soon',
    'direct_debit_not_configured',
    'version_conflict',
  ],
  example: { body: { format: 'sepa', collectOn: '2026-04-15' } },
});

export const getDirectDebit = contract({
  operationId: 'getDirectDebit',
  description:
    "With `Accept: application/xml` the pain.008 file of a SEPA run, with `text/plain` the NACHA file of an ACH run, always the same bytes, `file` by `file`; a file can be had once the run is `ready`. As JSON, a page of its debits. The statement brings `endToEndId` back, in ACH as the entry's individual identification number.",
  params,
  query: z.strictObject({ ...PageQuery.shape, file: z.coerce.number().int().min(1).max(20).default(1) }),
  status: 200,
  response: DirectDebitView,
  texts: ['application/xml', 'text/plain'],
  problems: ['direct_debit_not_found', 'direct_debit_not_ready', 'cursor_invalid'],
});

export const releaseDirectDebit = contract({
  operationId: 'releaseDirectDebit',
  description:
    'Cancels a run that the bank did not get, or gives back the invoices of `invoiceIds`, which it refused. They are due again, with reminders, and may go into another run; the sum that the bank will book is less by them. A large run is `cancelling` until all of them are given back. What was debited and then returned is a reversal of its payment instead.',
  params,
  body: z.strictObject({
    reason: z.string().trim().min(3).max(500),
    invoiceIds: z.array(InvoiceId).min(1).max(24).optional(),
  }),
  status: 200,
  response: DirectDebitView,
  idempotent: true,
  problems: ['direct_debit_not_found', 'direct_debit_not_open', 'version_conflict'],
  example: { body: { reason: 'AC04 closed account', invoiceIds: ['inv_01kqzj8v7m3n5p9r2s4t6w8x0y'] } },
});

/** A run and a page of its debits as the API shows them: without accounts. */
export function directDebitView(
  run: DirectDebit,
  { items, nextCursor }: { items: readonly DebitItem[]; nextCursor?: string | undefined },
): DirectDebitView {
  const { directDebitId, format, status, collectOn, currency, count, total, createdAt, createdBy } = run;
  return {
    directDebitId,
    format,
    status,
    collectOn,
    currency,
    count,
    total,
    files: filesOf(run),
    batches: run.batches.map(batchView),
    createdAt,
    createdBy,
    ...(run.cancelledAt !== undefined && { cancelledAt: run.cancelledAt }),
    items: items.map(itemView),
    ...(nextCursor !== undefined && { nextCursor }),
    links: { self: `/v1/direct-debits/${directDebitId}` },
  };
}

function batchView({ settlement, singly, ...batch }: DebitBatch): DirectDebitView['batches'][number] {
  if (!settlement) return { ...batch, settled: singly === true };
  const { bankStatementId, line } = settlement;
  return { ...batch, settled: true, bankLine: { bankStatementId, line } };
}

function itemView(item: DebitItem): DirectDebitView['items'][number] {
  const { endToEndId, invoiceId, number, customerId, amount, mandateId, scheme } = item;
  return {
    endToEndId,
    invoiceId,
    number,
    customerId,
    amount,
    mandateId,
    scheme,
    ...(item.releasedAt !== undefined && { releasedAt: item.releasedAt }),
    ...(item.paymentId !== undefined && { paymentId: item.paymentId }),
  };
}
