import { DomainError } from '../kernel/errors.ts';
import { type BankAccount, type BankAccountId, BankStatementId, type StatementReading } from './bank-line.ts';
import { type StatementEnd, type StatementFormat, statementKey } from './bank-statement.ts';
import { detectFormat, FORMAT_BYTES, type ReadOptions, readStatements } from './read-statements.ts';
import { peek, type StatementSource } from './source.ts';
import { invalid } from './tally.ts';

/** More statements than this are not in one file. */
const MAX_STATEMENTS = 1_000;

/** A statement in a file that ties, and its place there from 1. */
export type FoundStatement = Omit<StatementEnd, 'kind'> & {
  readonly bankStatementId: BankStatementId;
  readonly ordinal: number;
};

/** A file that can be read whole: what it holds and how it is read. */
export type InspectedFile = {
  readonly format: StatementFormat;
  readonly reading: StatementReading | undefined;
  readonly statements: readonly FoundStatement[];
};

/** What the caller says of a file. */
export type FileGiven = {
  readonly format?: StatementFormat | undefined;
  readonly account?: Pick<BankAccount, 'csv'> | undefined;
} & Pick<StatementReading, 'openingBalance' | 'closingBalance' | 'statementId'>;

/**
 * Reads a file from its first byte to its last and keeps nothing but the heads of its statements, each once.
 * @throws DomainError `statement_invalid` with the place, where anything of it can't be read or does not tie
 */
export async function inspectFile(source: StatementSource, given: FileGiven): Promise<InspectedFile> {
  const { head, all } = await peek(source, FORMAT_BYTES);
  const format = given.format ?? detectFormat(head) ?? (given.account?.csv && 'csv');
  if (format === undefined) {
    throw invalid(
      'its first bytes',
      'they show no format that is known; for CSV, name a bank account with a mapping',
    );
  }
  const reading = readingOf(format, given);
  const statements = new Map<string, FoundStatement>();
  let ordinal = 0;
  for await (const event of readStatements(format, all, readOptions(reading))) {
    if (event.kind !== 'end') continue;
    ordinal += 1;
    if (ordinal > MAX_STATEMENTS)
      throw invalid(`statement ${ordinal}`, `a file holds at most ${MAX_STATEMENTS}`);
    const { kind: _kind, ...end } = event;
    const bankStatementId = BankStatementId.parse(`bst_${statementKey(end)}`);
    if (!statements.has(bankStatementId))
      statements.set(bankStatementId, { ...end, bankStatementId, ordinal });
  }
  return { format, reading, statements: [...statements.values()] };
}

/** What has to be kept to read the file again. */
function readingOf(format: StatementFormat, given: FileGiven): StatementReading | undefined {
  const { openingBalance, closingBalance, statementId, account } = given;
  const reading = {
    ...(format === 'csv' && account?.csv && { csv: account.csv }),
    ...(openingBalance !== undefined && { openingBalance }),
    ...(closingBalance !== undefined && { closingBalance }),
    ...(statementId !== undefined && { statementId }),
  };
  return Object.keys(reading).length > 0 ? reading : undefined;
}

/** How the reader takes what was kept. */
export function readOptions(reading: StatementReading = {}): ReadOptions {
  const { csv, openingBalance, closingBalance, statementId } = reading;
  return {
    ...(csv && { csv }),
    ...(openingBalance !== undefined && { openingBalance }),
    ...(closingBalance !== undefined && { closingBalance }),
    ...(statementId !== undefined && { statementId }),
  };
}

/**
 * The bank account of each statement.
 * @param found as `findBankAccounts` answers
 * @param expected where the caller named the account
 * @throws DomainError `bank_account_unknown` naming each statement whose account no bank account bears
 */
export function assertKnown(
  statements: readonly FoundStatement[],
  found: readonly (BankAccountId | undefined)[],
  expected?: BankAccountId,
): BankAccountId[] {
  const issues = statements.flatMap(({ ordinal, header }, index) => {
    const id = found[index];
    if (id !== undefined && (expected === undefined || id === expected)) return [];
    const number = header.account.iban ?? header.account.number ?? '';
    const message =
      id === undefined
        ? `no bank account bears ${number} in ${header.currency}`
        : `${number} is the account ${id}, not ${expected}`;
    return [{ path: `statement ${ordinal}`, message }];
  });
  if (issues.length > 0) {
    throw new DomainError(
      'bank_account_unknown',
      `The file is refused at ${issues[0]?.path}: ${issues[0]?.message}. Nothing of it was taken.`,
      { issues },
    );
  }
  return found.flatMap((id) => id ?? []);
}
