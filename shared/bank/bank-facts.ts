import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { StatementUploadId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { BankAccountId, BankStatementId, LineCounts } from './bank-line.ts';
import { StatementFormat } from './bank-statement.ts';

const uploadId = StatementUploadId;
const bankStatementId = BankStatementId;

/** What happens to bank accounts, their statements and uploaded files; subject is the account, statement or upload. */
export const bankFacts = [
  factOf('bank_account.saved', z.strictObject({ bankAccountId: BankAccountId, currency: Currency })),
  factOf(
    'bank_statement.received',
    z.strictObject({
      bankStatementId,
      bankAccountId: BankAccountId,
      format: StatementFormat,
      statementId: z.string(),
      currency: Currency,
      entries: z.int().min(0),
      sum: Minor,
      closingBalance: Minor,
    }),
  ),
  /** A run came near its time limit: the next one goes on after line `done`. */
  factOf('bank_statement.continued', z.strictObject({ bankStatementId, done: z.int().min(0) })),
  factOf(
    'bank_statement.imported',
    z.strictObject({
      bankStatementId,
      bankAccountId: BankAccountId,
      entries: z.int().min(0),
      counts: LineCounts,
    }),
  ),
  factOf('statement_upload.created', z.strictObject({ uploadId })),
  factOf('statement_upload.started', z.strictObject({ uploadId })),
  factOf('statement_upload.taken', z.strictObject({ uploadId, bankStatementIds: z.array(BankStatementId) })),
  factOf('statement_upload.refused', z.strictObject({ uploadId, code: z.string(), detail: z.string() })),
] as const;
