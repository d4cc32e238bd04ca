import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { CalendarDate } from '../kernel/time.ts';
import { BankAccountId, BankLine, BankStatementId } from './bank-line.ts';
import { Decision } from './decision.ts';
import { Reconciliation } from './reconcile.ts';

const params = z.strictObject({
  statementId: BankStatementId,
  /** Its place in the statement: 1, 2, 3… */
  line: z.coerce.number().int().min(1).max(999_999),
});

export const listBankLines = contract({
  operationId: 'listBankLines',
  description:
    'Lines that wait: `suggested` ones for a yes, `queued` ones for a decision, the oldest of each bank account first. `match` says what they were matched with, and why that was not enough.',
  query: z.strictObject({ ...PageQuery.shape, bankAccountId: BankAccountId.optional() }),
  status: 200,
  response: pageOf(BankLine),
  problems: ['cursor_invalid'],
});

export const getBankLine = contract({
  operationId: 'getBankLine',
  params,
  status: 200,
  response: BankLine,
  problems: ['bank_line_not_found'],
});

export const decideBankLine = contract({
  operationId: 'decideBankLine',
  description:
    'Says what a line is: as suggested; one customer’s money; the money of several less a fee; a payment or refund recorded before; a payment that the bank took back; a refund that came back; what a direct debit run collected, whose debits become payments after the answer; a payout of what is in clearing; an account of the ledger; or nothing of these books. All that follows is recorded at once. A decision for a customer is remembered: the payer’s account and name are known from then on, and the next such line matches itself.',
  params,
  body: Decision,
  status: 200,
  response: BankLine,
  idempotent: true,
  problems: [
    'bank_line_not_found',
    'bank_line_decided',
    'customer_not_found',
    'payment_not_found',
    'payment_on_statement',
    'direct_debit_not_found',
    'direct_debit_not_open',
    'reversal_exceeds_payment',
    'refund_transfer_not_found',
    'refund_transfer_undone',
    'currency_mismatch',
    'invoice_not_found',
    'invoice_not_open',
    'allocation_wrong_customer',
    'allocation_exceeds_payment',
    'allocation_exceeds_balance',
    'discount_not_offered',
    'version_conflict',
  ],
  example: {
    body: {
      customerId: 'cus_1042',
      allocations: [{ invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y', amount: 12_000 }],
    },
  },
});

export const undoBankLine = contract({
  operationId: 'undoBankLine',
  description:
    'The line waits again. A payment that it recorded is reversed, so that its invoices are owed again; a payment that it took back is there again and settles what it had settled; what was booked is booked back, and what was learned of the payer is forgotten. A line that settled a direct debit run stays: its debits that did not come are reversed one by one.',
  params,
  body: z.strictObject({ reason: z.string().trim().min(3).max(500) }),
  status: 200,
  response: BankLine,
  idempotent: true,
  problems: ['bank_line_not_found', 'bank_line_undecided', 'bank_line_not_undoable', 'version_conflict'],
  example: { body: { reason: 'Was the deposit of another shop' } },
});

export const reconcileBankAccount = contract({
  operationId: 'reconcileBankAccount',
  description:
    'The closing balances of the last statements by that day against the bank account of the ledger, for all bank accounts in the same currency, with every item that explains the difference.',
  params: z.strictObject({ bankAccountId: BankAccountId }),
  query: z.strictObject({
    /** Today in the company’s time zone, when left out. */
    on: CalendarDate.optional(),
  }),
  status: 200,
  response: Reconciliation,
  problems: ['bank_account_not_found'],
});
