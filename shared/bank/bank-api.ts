import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { StatementUploadId } from '../kernel/ids.ts';
import { Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { BankAccount, BankAccountId, BankStatement, BankStatementId, LineCounts } from './bank-line.ts';
import { StatementFormat } from './bank-statement.ts';
import { BankAccountInput } from './change-account.ts';
import type { CountedStatement } from './statement-store.ts';
import { type Upload, UploadInput } from './upload.ts';

const account = z.strictObject({ bankAccountId: BankAccountId });
const upload = z.strictObject({ uploadId: StatementUploadId });

/** A statement and how far it is: `progress.done` of its `entries` are worked, and became what the counts say. */
const BankStatementView = BankStatement.omit({
  changed: true,
  done: true,
  file: true,
  ordinal: true,
  reading: true,
}).extend({
  progress: LineCounts.extend({ done: z.int().min(0) }),
  links: z.strictObject({ self: z.string() }),
});

const UploadView = z.strictObject({
  uploadId: StatementUploadId,
  status: z.enum(['waiting', 'started', 'taken', 'refused']),
  createdAt: Instant,
  createdBy: z.string(),
  /** Once it is taken. */
  bankStatementIds: z.array(BankStatementId).optional(),
  /** Why it is refused, and where. */
  refusal: z
    .strictObject({
      code: z.string(),
      detail: z.string(),
      issues: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    })
    .optional(),
});

const exampleAccount = {
  name: 'Current account',
  account: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' },
  currency: 'EUR',
};

export const putBankAccount = contract({
  operationId: 'putBankAccount',
  description:
    'The whole account, under an id of your choosing. Repeating it changes nothing. Statements are taken of accounts that are saved, found by IBAN or number and by currency. `csv` says how the bank writes its CSV. The currency never changes.',
  params: account,
  body: BankAccountInput,
  status: 200,
  alsoStatus: 201,
  response: BankAccount,
  versioned: true,
  problems: ['precondition_failed', 'version_conflict', 'currency_mismatch', 'bank_account_number_taken'],
  example: { body: exampleAccount, response: { ...exampleAccount, bankAccountId: 'main', version: 1 } },
});

export const getBankAccount = contract({
  operationId: 'getBankAccount',
  params: account,
  status: 200,
  response: BankAccount,
  versioned: true,
  problems: ['bank_account_not_found'],
});

export const listBankAccounts = contract({
  operationId: 'listBankAccounts',
  query: PageQuery,
  status: 200,
  response: pageOf(BankAccount),
  problems: ['cursor_invalid'],
});

/** A balance in a query is text. */
const Balance = z.coerce.number().pipe(Minor);

const FileQuery = z.strictObject({
  bankAccountId: BankAccountId.optional(),
  format: StatementFormat.optional(),
  openingBalance: Balance.optional(),
  closingBalance: Balance.optional(),
  statementId: z.string().min(1).max(60).optional(),
});

export const takeBankStatements = contract({
  operationId: 'takeBankStatements',
  description:
    'The file as it is, up to 5 MB (4 MB unless it is sent as text): camt.053 version 2, 3, 4 or 8, MT940, BAI2, OFX, or CSV with the mapping saved for `bankAccountId`. Send it as `text/…` or `application/xml` only if it is UTF-8, else as `application/octet-stream`. `format` and `bankAccountId` are read from the file where you leave them out. Every statement in it must tie and be of a known account, or nothing is taken. Their lines are matched afterwards: watch `progress`. A statement taken before is answered as it stands, without effect; it needs no Idempotency-Key. For CSV without a balance column give both balances in minor units; OFX takes the opening balance.',
  query: FileQuery,
  accepts: 'file',
  status: 201,
  alsoStatus: 200,
  response: z.strictObject({ items: z.array(BankStatementView) }),
  problems: ['statement_invalid', 'bank_account_unknown', 'bank_account_not_found', 'version_conflict'],
});

export const listBankStatements = contract({
  operationId: 'listBankStatements',
  query: z.strictObject({ bankAccountId: BankAccountId, ...PageQuery.shape }),
  status: 200,
  response: pageOf(BankStatementView),
  problems: ['cursor_invalid'],
});

export const getBankStatement = contract({
  operationId: 'getBankStatement',
  params: z.strictObject({ bankStatementId: BankStatementId }),
  status: 200,
  response: BankStatementView,
  problems: ['bank_statement_not_found'],
});

export const createStatementUpload = contract({
  operationId: 'createStatementUpload',
  description:
    'For files of more than 5 MB: PUT the file to `url` within an hour, without headers of your own, then ask for its import. The body says what you know of the file, as the query of `takeBankStatements` does.',
  body: UploadInput,
  status: 201,
  response: UploadView.extend({ url: z.string() }),
  idempotent: true,
  example: { body: { bankAccountId: 'main', format: 'camt.053' } },
});

export const getStatementUpload = contract({
  operationId: 'getStatementUpload',
  description: 'With its statements once it is taken, or with the reason and the place where it is refused.',
  params: upload,
  status: 200,
  response: UploadView,
  problems: ['upload_not_found'],
});

export const importStatementUpload = contract({
  operationId: 'importStatementUpload',
  description:
    'The file is read whole first: it is taken as a whole or refused as a whole. Asking again changes nothing, unless it was refused: put the right file and ask again.',
  params: upload,
  status: 202,
  response: UploadView,
  problems: ['upload_not_found', 'version_conflict'],
});

export function statementView({ statement, counts }: CountedStatement): z.infer<typeof BankStatementView> {
  const { done, changed: _changed, file: _file, ordinal: _ordinal, reading: _reading, ...shown } = statement;
  return {
    ...shown,
    progress: { done, ...counts },
    links: { self: `/v1/bank-statements/${statement.bankStatementId}` },
  };
}

export function uploadView(found: Upload): z.infer<typeof UploadView> {
  const { uploadId, status, createdAt, createdBy } = found;
  return {
    uploadId,
    status,
    createdAt,
    createdBy,
    ...(found.status === 'taken' && { bankStatementIds: found.bankStatementIds }),
    ...(found.status === 'refused' && {
      refusal: { code: found.code, detail: found.detail, issues: found.issues },
    }),
  };
}
