import type * as z from 'zod';
import { saveBankAccountActions } from '#shared/bank/bank-account-store.ts';
import { BankAccount, BankStatement } from '#shared/bank/bank-line.ts';
import { StatementEntry } from '#shared/bank/bank-statement.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import type { Match } from '#shared/matching/match.ts';
import { keys, owners } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { INVOICE_ID } from './invoice.ts';

export const STATEMENT_ID = 'bst_0123456789abcdef0123456789abcdef';

/** The company's account in pounds. */
export function aBankAccount(overrides: Partial<z.input<typeof BankAccount>> = {}): BankAccount {
  return BankAccount.parse({
    bankAccountId: 'main',
    name: 'Current account',
    account: { iban: 'GB33BUKB20201555555555' },
    currency: 'GBP',
    version: 1,
    ...overrides,
  });
}

/** The statement of 31 March 2026, taken whole: GBP 100.00 before it, `sum` in and out. */
export function aStatement(
  sum: number,
  entries: number,
  overrides: Partial<z.input<typeof BankStatement>> = {},
): BankStatement {
  return BankStatement.parse({
    bankStatementId: STATEMENT_ID,
    bankAccountId: 'main',
    format: 'camt.053',
    header: {
      account: { iban: 'GB33BUKB20201555555555' },
      currency: 'GBP',
      statementId: '2026-03',
      openingOn: '2026-03-31',
      openingBalance: 10_000,
      closingOn: '2026-03-31',
      closingBalance: 10_000 + sum,
    },
    entries,
    sum,
    done: entries,
    status: 'imported',
    receivedAt: '2026-03-31T12:00:00.000Z',
    receivedBy: 'finance@example.com',
    file: 'statements/2026-03.xml',
    version: 1,
    ...overrides,
  });
}

/** GBP 60.00 that came in from Harbour Books on 31 March 2026. */
export function anEntry(overrides: Partial<z.input<typeof StatementEntry>> = {}): StatementEntry {
  return StatementEntry.parse({
    line: 1,
    bookedOn: '2026-03-31',
    amount: 6_000,
    currency: 'GBP',
    bankReference: 'B-1',
    text: 'INV-2026-000001',
    counterparty: { name: 'Harbour Books Ltd', iban: 'GB29NWBK60161331926819' },
    ...overrides,
  });
}

/** Lays an account and a statement of it into `table`, as the import does. */
export async function layStatement(
  table: Table,
  statement: BankStatement,
  counts: Record<string, number> = {},
): Promise<void> {
  const account = aBankAccount();
  const by = { at: statement.receivedAt, actor: statement.receivedBy };
  // The account may lie there from another statement.
  for (const { when: _when, ...action } of saveBankAccountActions(undefined, account, by))
    await table.write(action);
  const none = { matched: 0, suggested: 0, queued: 0, ignored: 0 };
  await table.write({
    do: 'put',
    item: {
      ...keys.bankStatement(statement.bankStatementId),
      OPK: owners.bankAccount(statement.bankAccountId, 'statement'),
      OSK: statement.receivedAt,
      ...statement,
      ...none,
      ...counts,
    },
  });
}

const match: Match = {
  line: 1,
  outcome: 'posted',
  rule: 'invoice_number',
  score: 1,
  reasons: ['text names INV-2026-000001'],
  customerId: CustomerId.parse('cus_harbour'),
  allocations: [{ invoiceId: InvoiceId.parse(INVOICE_ID), amount: 6_000 }],
  unapplied: 0,
  policyVersion: 'shipped',
};

/** GBP 60.00 that pays all of the invoice its text names. */
export function aMatch(overrides: Readonly<Record<string, unknown>> = {}): Match {
  return Object.assign({}, match, overrides);
}
