import { BankAccountId } from '#shared/bank/bank-line.ts';
import type { StatementEntry, StatementHeader } from '#shared/bank/bank-statement.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { camt053, camtEntry } from './statement-files.ts';

const EUR = Currency.parse('EUR');
export const IBAN = 'DE89370400440532013000';
export const MAIN = BankAccountId.parse('main');

/** Money in, of 31 March 2026. */
export function anEntry(over: Partial<StatementEntry> & { line: number; amount: number }): StatementEntry {
  return {
    bookedOn: CalendarDate.parse('2026-03-31'),
    currency: EUR,
    text: '',
    code: 'NTRF',
    bankReference: `B${over.line}`,
    ...over,
  };
}

/** A statement of the account {@link IBAN} that opens with nothing and ties. */
export function aStatement(
  statementId: string,
  entries: readonly StatementEntry[],
  over: Partial<StatementHeader> = {},
): string {
  const header = aHeader(
    statementId,
    entries.reduce((sum, { amount }) => sum + amount, 0),
    over,
  );
  return [
    ...camt053(
      header,
      entries.map((entry) => camtEntry(entry)),
    ),
  ].join('');
}

export function aHeader(
  statementId: string,
  closingBalance: number,
  over: Partial<StatementHeader> = {},
): StatementHeader {
  const day = CalendarDate.parse('2026-03-31');
  return {
    account: { iban: IBAN },
    currency: EUR,
    statementId,
    openingOn: day,
    openingBalance: 0,
    closingOn: day,
    closingBalance,
    ...over,
  };
}
