import * as z from 'zod';
import { BankStatementId } from '../bank/bank-line.ts';
import { factOf } from '../fact/envelope.ts';
import { DirectDebitId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

const mandate = z.strictObject({ mandateId: z.string(), scheme: z.string() });

/** What happens to mandates (subject is the customer) and to direct debit runs (subject is the run). Minor units. */
export const directDebitFacts = [
  factOf('mandate.signed', mandate),
  factOf('mandate.revoked', mandate),
  /** A customer is told what will be debited: one of each customer in a run. `account` is masked. */
  factOf(
    'direct_debit.announced',
    z.strictObject({
      directDebitId: DirectDebitId,
      collectOn: CalendarDate,
      currency: Currency,
      amount: Minor,
      mandateId: z.string(),
      account: z.string(),
      creditorId: z.string(),
      invoices: z.array(z.strictObject({ invoiceId: InvoiceId, number: z.string(), amount: Minor })),
    }),
  ),
  /** A run is made, with what is in it by then. */
  factOf(
    'direct_debit.created',
    z.strictObject({
      directDebitId: DirectDebitId,
      status: z.enum(['collecting', 'ready']),
      format: z.enum(['sepa', 'nacha']),
      collectOn: CalendarDate,
      currency: Currency,
      count: z.int().min(1),
      total: Minor,
    }),
  ),
  /** A step of a run came near its time limit: the next one goes on. */
  factOf('direct_debit.continued', z.strictObject({ directDebitId: DirectDebitId })),
  /** All that is due is in it: its files are as they will be. */
  factOf(
    'direct_debit.ready',
    z.strictObject({ directDebitId: DirectDebitId, count: z.int().min(1), total: Minor }),
  ),
  factOf('direct_debit.cancelling', z.strictObject({ directDebitId: DirectDebitId, reason: z.string() })),
  factOf('direct_debit.cancelled', z.strictObject({ directDebitId: DirectDebitId, reason: z.string() })),
  /** A bank line brought the money of the batches at `batches`, from 1: their debits become payments. */
  factOf(
    'direct_debit.settling',
    z.strictObject({
      directDebitId: DirectDebitId,
      bankStatementId: BankStatementId,
      line: z.int().min(1),
      amount: Minor,
      batches: z.array(z.int().min(1)),
    }),
  ),
  /** They are payments; `ready` where money of other batches is still to come. */
  factOf(
    'direct_debit.settled',
    z.strictObject({ directDebitId: DirectDebitId, status: z.enum(['ready', 'settled']) }),
  ),
  factOf(
    'direct_debit.released',
    z.strictObject({
      directDebitId: DirectDebitId,
      reason: z.string(),
      invoiceIds: z.array(InvoiceId),
      /** Of the run after it, where a person gave them back. */
      status: z.enum(['ready', 'settling', 'settled', 'cancelled']).optional(),
    }),
  ),
] as const;
