import { DomainError } from '../kernel/errors.ts';
import { Currency, formatMoney } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { StatementEntry, StatementEvent, StatementHeader, StatementStart } from './bank-statement.ts';

/** @param place where in the file, e.g. `line 12` */
export function invalid(place: string, message: string, cause?: unknown): DomainError {
  return new DomainError('statement_invalid', `The statement is refused at ${place}: ${message}.`, {
    issues: [{ path: place, message }],
    cause,
  });
}

/** @throws DomainError `statement_invalid` for what is no currency of ISO 4217 in force */
export function currencyAt(code: string, place: string): Currency {
  const known = Currency.safeParse(code);
  if (!known.success) throw invalid(place, `“${code}” is no currency of ISO 4217 in force`);
  return known.data;
}

/** An entry before it has its place. */
export type Booking = Omit<StatementEntry, 'line' | 'currency'>;

/** What the end of a statement tells. */
export type Closing = {
  statementId: string;
  /** Where only the end tells it. */
  openingBalance?: number;
  openingOn?: CalendarDate | undefined;
  closingBalance: number;
  closingOn?: CalendarDate | undefined;
};

/** Adds one statement after the other up and gives their events; a statement that does not tie does not end. */
export class Tally {
  #events: StatementEvent[] = [];
  #start: StatementStart | undefined;
  #entries = 0;
  #sum = 0;
  statements = 0;

  /** Of the statement at hand. */
  get currency(): Currency | undefined {
    return this.#start?.currency;
  }

  get sum(): number {
    return this.#sum;
  }

  /** @throws DomainError `statement_invalid` when no account is named, or the statement before did not end */
  open(start: StatementStart, place: string): void {
    if (start.account.iban === undefined && start.account.number === undefined) {
      throw invalid(place, 'the statement names no account');
    }
    if (this.#start) throw invalid(place, 'the statement before has no closing balance');
    this.#start = start;
    this.#entries = 0;
    this.#sum = 0;
    this.statements += 1;
    this.#events.push({ kind: 'statement', header: start });
  }

  /** Bookings of nothing carry no money and are left out. */
  add(booking: Booking, place: string): void {
    if (!this.#start) throw invalid(place, 'an entry stands outside any statement');
    if (booking.amount === 0) return;
    this.#entries += 1;
    this.#sum += booking.amount;
    if (!Number.isSafeInteger(this.#sum)) throw invalid(place, 'the entries sum to more than can be counted');
    const entry = { line: this.#entries, ...booking, currency: this.#start.currency };
    this.#events.push({ kind: 'entry', entry });
  }

  /** @throws DomainError `statement_invalid` when opening balance and entries do not make the closing balance */
  close(closing: Closing, place: string): void {
    const start = this.#start;
    const openingBalance = closing.openingBalance ?? start?.openingBalance;
    if (!start || openingBalance === undefined) throw invalid(place, 'the statement has no opening balance');
    const { closingBalance } = closing;
    const money = (amount: number) => formatMoney(amount, start.currency);
    if (openingBalance + this.#sum !== closingBalance) {
      throw invalid(
        place,
        `the opening balance ${money(openingBalance)} and ${this.#entries} entries of ${money(this.#sum)} ` +
          `make ${money(openingBalance + this.#sum)}, but the closing balance is ${money(closingBalance)}`,
      );
    }
    const openingOn = closing.openingOn ?? start.openingOn;
    const header: StatementHeader = {
      account: start.account,
      currency: start.currency,
      statementId: closing.statementId,
      ...(openingOn && { openingOn }),
      openingBalance,
      ...(closing.closingOn && { closingOn: closing.closingOn }),
      closingBalance,
    };
    this.#events.push({ kind: 'end', header, entries: this.#entries, sum: this.#sum });
    this.#start = undefined;
  }

  /** The events since the last time. */
  take(): StatementEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** @throws DomainError `statement_invalid` when the file held no statement or broke off within one */
  finish(place: string): void {
    if (this.#start) throw invalid(place, 'the file ends within a statement');
    if (this.statements === 0) throw invalid(place, 'the file holds no statement');
  }
}
