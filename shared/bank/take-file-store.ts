import { createHash } from 'node:crypto';
import { DomainError } from '../kernel/errors.ts';
import type { StatementUploadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { commit, onFreshRead } from '../table/commit.ts';
import type { Table } from '../table/table.ts';
import { findBankAccounts, loadBankAccount } from './bank-account-store.ts';
import type { BankAccountId } from './bank-line.ts';
import { assertKnown, type InspectedFile, inspectFile } from './inspect-file.ts';
import type { StatementSource } from './source.ts';
import { type StatementFiles, statementFileKey, uploadFileKey } from './statement-files.ts';
import {
  type CountedStatement,
  IMPORTER,
  loadTaken,
  newStatement,
  noLines,
  storeStatements,
} from './statement-store.ts';
import { invalid } from './tally.ts';
import { refusedUpload, type StartedUpload, takenUpload, type UploadInput } from './upload.ts';
import { loadUpload, saveUploadActions } from './upload-store.ts';

/** A file read whole, and whose its statements are. */
type CheckedFile = InspectedFile & { readonly accounts: readonly BankAccountId[] };

/** A larger upload is no statement: 1 GB. */
const MAX_UPLOAD_BYTES = 1_000_000_000;

/**
 * Takes the statements of a file: all of them or, where anything is wrong, none. Those taken before stay as they are.
 * @returns them in the order of the file, and whether any is new
 * @throws DomainError `statement_invalid`, `bank_account_unknown`, `bank_account_not_found`
 */
export async function takeFile(
  table: Table,
  files: StatementFiles,
  content: Uint8Array,
  given: UploadInput,
  { at, by }: { at: Instant; by: string },
): Promise<{ statements: CountedStatement[]; isNew: boolean }> {
  const checked = await checkFile(table, [content], given);
  return onFreshRead(async () => {
    const before = await loadTaken(table, checked.statements);
    const file = statementFileKey(createHash('sha256').update(content).digest('hex'));
    const fresh = freshOf(checked, before, { file, at, by });
    if (fresh.length > 0) {
      await files.put(file, content);
      await storeStatements(table, fresh);
    }
    const all = [...before, ...fresh.map((statement) => ({ statement, counts: noLines }))];
    const byId = new Map(all.map((each) => [each.statement.bankStatementId, each]));
    const statements = checked.statements.flatMap(({ bankStatementId }) => byId.get(bankStatementId) ?? []);
    return { statements, isNew: fresh.length > 0 };
  });
}

/**
 * Reads an uploaded file whole and takes its statements, or records why not. Safe to repeat.
 * @throws what may go better on another try
 */
export async function takeUpload(
  table: Table,
  files: StatementFiles,
  uploadId: StatementUploadId,
  at: Instant,
): Promise<'taken' | 'refused' | 'done before'> {
  const upload = await loadUpload(table, uploadId, { consistent: true });
  if (!upload) throw new DomainError('upload_not_found', `There is no upload ${uploadId}.`);
  if (upload.status !== 'started') return 'done before';
  const doing = { at, actor: IMPORTER };
  try {
    await takeStarted(table, files, upload, at);
    return 'taken';
  } catch (error) {
    if (!(error instanceof DomainError) || !refusals.includes(error.code)) throw error;
    await commit(table, saveUploadActions(refusedUpload(upload, error), doing));
    return 'refused';
  }
}

/** What is wrong with the file itself; another try would meet it again. */
const refusals = ['statement_invalid', 'bank_account_unknown', 'bank_account_not_found'];

async function takeStarted(
  table: Table,
  files: StatementFiles,
  upload: StartedUpload,
  at: Instant,
): Promise<void> {
  const from = uploadFileKey(upload.uploadId);
  const opened = await files.open(from);
  if (!opened) throw invalid('its address', 'no file was put there');
  if (opened.bytes > MAX_UPLOAD_BYTES)
    throw invalid('its size', `${opened.bytes} bytes are more than a statement has`);
  const hash = createHash('sha256');
  const checked = await checkFile(table, hashed(opened.content, hash), upload.given);
  const file = statementFileKey(hash.digest('hex'));
  // Whoever holds the address can put another file there; the one that was read is kept under its own name.
  await files.copy(from, opened.etag, file);
  await onFreshRead(async () => {
    const before = await loadTaken(table, checked.statements);
    const fresh = freshOf(checked, before, { file, at, by: upload.startedBy });
    const taken = takenUpload(
      upload,
      checked.statements.map(({ bankStatementId }) => bankStatementId),
    );
    await storeStatements(table, fresh, saveUploadActions(taken, { at, actor: IMPORTER }));
  });
}

async function checkFile(table: Table, source: StatementSource, given: UploadInput): Promise<CheckedFile> {
  const { bankAccountId, format, openingBalance, closingBalance, statementId } = given;
  const account = bankAccountId && (await loadBankAccount(table, bankAccountId, { consistent: true }));
  if (bankAccountId && !account) {
    throw new DomainError('bank_account_not_found', `There is no bank account ${bankAccountId}.`, {
      issues: [{ path: 'bankAccountId', message: 'names no bank account' }],
    });
  }
  const inspected = await inspectFile(source, {
    format,
    account: account || undefined,
    openingBalance,
    closingBalance,
    statementId,
  });
  const found = await findBankAccounts(
    table,
    inspected.statements.map(({ header }) => header),
  );
  return { ...inspected, accounts: assertKnown(inspected.statements, found, bankAccountId) };
}

/** The statements of a file that were not taken before. */
function freshOf(
  { statements, accounts, format, reading }: CheckedFile,
  before: readonly CountedStatement[],
  receipt: { file: string; at: Instant; by: string },
) {
  const taken = new Set<string>(before.map(({ statement }) => statement.bankStatementId));
  return statements.flatMap((found, index) => {
    const bankAccountId = accounts[index];
    if (bankAccountId === undefined || taken.has(found.bankStatementId)) return [];
    return [newStatement(found, bankAccountId, { format, reading, ...receipt })];
  });
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}
