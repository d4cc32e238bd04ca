import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { Match } from '../matching/match.ts';
import type { BankAccount, BankLine, BankStatement, LineMatch } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';
import { storeLine } from './line-store.ts';

/** A line to work, whose statement it is of, and what matching says of it; money out is not matched. */
export type LineToWork = {
  readonly statement: BankStatement;
  readonly account: BankAccount;
  readonly entry: StatementEntry;
  readonly match: Match | undefined;
  readonly at: Instant;
  /** The day of `at` in the company's time zone. */
  readonly today: CalendarDate;
  readonly actor: string;
};

/**
 * Stores a line with what becomes of it: it waits for a person, with its match where it has one. A line that is there
 * already is answered as it stands.
 */
export function workLine(table: Parameters<typeof storeLine>[0], work: LineToWork): Promise<BankLine> {
  const { statement, entry, match } = work;
  const line = {
    bankStatementId: statement.bankStatementId,
    bankAccountId: statement.bankAccountId,
    entry,
    bookedOn: entry.bookedOn,
    version: 1,
  };
  if (match === undefined) return storeLine(table, { ...line, status: 'queued' });
  const status = match.outcome === 'queued' ? 'queued' : 'suggested';
  return storeLine(table, { ...line, status, match: lineMatchOf(match) });
}

function lineMatchOf(match: Match): LineMatch {
  const { rule, score, reasons, customerId, allocations, unapplied, confirms, policyVersion } = match;
  return {
    rule,
    score,
    reasons: [...reasons],
    ...(customerId && { customerId }),
    allocations: allocations.map((allocation) => ({ ...allocation })),
    unapplied,
    ...(confirms && { confirms }),
    policyVersion,
  };
}
