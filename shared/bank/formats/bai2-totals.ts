import { invalid } from '../tally.ts';

/** Whole minor units, with or without sign. @throws DomainError `statement_invalid` */
export function signedInteger(text: string, place: string): number {
  const digits = text.trim();
  const number = /^[+-]?\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw invalid(place, `“${digits}” is no whole amount`);
  return number || 0;
}

/** Whole minor units without minus; an empty field is 0. @throws DomainError `statement_invalid` */
export function unsignedInteger(text: string, place: string): number {
  const number = text.trim() === '' ? 0 : signedInteger(text, place);
  if (number < 0) throw invalid(place, `“${text}” has a sign; the type code says whether money came or went`);
  return number;
}

/**
 * Skips a funds type and what it brings: `V` a value date and time, `S` three amounts, `D` a count and that many pairs.
 * @param from the place of the funds type
 * @returns the place after it, and the value date as YYMMDD
 */
export function skipFunds(
  fields: readonly string[],
  from: number,
  place: string,
): { at: number; valueOn?: string } {
  const type = (fields[from] ?? '').trim();
  if (type === 'V') {
    const valueOn = (fields[from + 1] ?? '').trim();
    return { at: from + 3, ...(valueOn && { valueOn }) };
  }
  if (type === 'S') return { at: from + 4 };
  if (type === 'D') return { at: from + 2 + 2 * unsignedInteger(fields[from + 1] ?? '', place) };
  if (!/^[012Z]?$/.test(type)) throw invalid(place, `“${type}” is no funds type`);
  return { at: from + 1 };
}

type Level = { total: number; records: number };

/** What trailers must say: sums of all amounts and counts of physical records, by account, group and file. */
export class ControlTotals {
  #account: Level = { total: 0, records: 0 };
  #group: Level & { accounts: number } = { total: 0, records: 0, accounts: 0 };
  #file: Level & { groups: number } = { total: 0, records: 0, groups: 0 };

  add(amount: number): void {
    this.#account.total += amount;
  }

  /** Every record is counted at all levels, headers and trailers too. */
  count(lines: number): void {
    this.#account.records += lines;
    this.#group.records += lines;
    this.#file.records += lines;
  }

  openAccount(lines: number): void {
    this.#account = { total: 0, records: lines };
  }

  openGroup(lines: number): void {
    this.#group = { total: 0, records: lines, accounts: 0 };
  }

  /** 49: total, records. */
  closeAccount([total, records]: readonly string[], place: string): void {
    agree(total, this.#account.total, 'control total of the account', place);
    agree(records, this.#account.records, 'number of records of the account', place);
    this.#group.total += this.#account.total;
    this.#group.accounts += 1;
  }

  /** 98: total, accounts, records. */
  closeGroup([total, accounts, records]: readonly string[], place: string): void {
    agree(total, this.#group.total, 'control total of the group', place);
    agree(accounts, this.#group.accounts, 'number of accounts of the group', place);
    agree(records, this.#group.records, 'number of records of the group', place);
    this.#file.total += this.#group.total;
    this.#file.groups += 1;
  }

  /** 99: total, groups, records. */
  closeFile([total, groups, records]: readonly string[], place: string): void {
    agree(total, this.#file.total, 'control total of the file', place);
    agree(groups, this.#file.groups, 'number of groups of the file', place);
    agree(records, this.#file.records, 'number of records of the file', place);
  }
}

function agree(said: string | undefined, counted: number, what: string, place: string): void {
  const figure = signedInteger(said ?? '', place);
  if (figure !== counted) throw invalid(place, `the ${what} is ${counted}, but the trailer says ${figure}`);
}
