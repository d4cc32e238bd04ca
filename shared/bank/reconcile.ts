import * as z from 'zod';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import type { Entry } from '../ledger/ledger.ts';
import { BankAccountId, type BankLine, type BankStatement, BankStatementId, sourcesOf } from './bank-line.ts';

/** So many of each kind are told one by one; all of them are in its sum. */
const MAX_TOLD = 100;

/** Why bank and books differ. */
export const DifferenceKind = z.enum([
  /** What was at the bank before the first statement. */
  'opening_balance',
  /** A statement begins with another balance than the one before it ended with. */
  'missing_statement',
  /** Lines of a statement that is still being taken. */
  'being_imported',
  'suggested',
  'queued',
  'ignored',
  /** Worked after the day in question. */
  'booked_later',
  /** Booked by hand and on no statement yet. */
  'not_on_statement',
]);
export type DifferenceKind = z.infer<typeof DifferenceKind>;

const Told = z.strictObject({
  /** What it is of: a statement, a line of one, a payment. */
  source: z.string(),
  date: CalendarDate,
  reference: z.string(),
  amount: Minor,
});

/**
 * Bank and books of one currency at the end of a day. All bank accounts in it are one account of the ledger, so they are
 * reconciled together. `closingBalance` − `ledgerBalance` = the sum of `items`, and `difference` is what that leaves. Minor
 * units.
 */
export const Reconciliation = z.strictObject({
  on: CalendarDate,
  currency: Currency,
  accounts: z.array(
    z.strictObject({
      bankAccountId: BankAccountId,
      bankStatementId: BankStatementId,
      statementId: z.string(),
      closingOn: CalendarDate,
      closingBalance: Minor,
    }),
  ),
  closingBalance: Minor,
  ledgerBalance: Minor,
  items: z.array(
    z.strictObject({ kind: DifferenceKind, amount: Minor, count: z.int(), told: z.array(Told) }),
  ),
  difference: Minor,
});
export type Reconciliation = z.infer<typeof Reconciliation>;

type Item = Reconciliation['items'][number];
type Told = z.infer<typeof Told>;

const Booked = z.strictObject({
  amount: Minor,
  booked: z.boolean(),
  date: CalendarDate,
  reference: z.string(),
});

/** What a reckoning has come to at the end of a day, and goes on from: what is open, not what has cancelled out. */
export const Carried = z.strictObject({
  ledger: Minor,
  /** By source: what is in the books and on no statement, or the other way round. */
  open: z.array(z.strictObject({ source: z.string(), ...Booked.shape })),
  /** Lines that are not booked. */
  items: Reconciliation.shape.items,
});
export type Carried = z.infer<typeof Carried>;

/** When a statement ends, or at least when it came. */
export function endOf({ header, receivedAt }: Pick<BankStatement, 'header' | 'receivedAt'>): CalendarDate {
  return header.closingOn ?? header.openingOn ?? CalendarDate.parse(receivedAt.slice(0, 10));
}

/**
 * Sets what the bank says against what the books say, entry by entry and line by line, in any order. Keeps a sum for each
 * source of entries, so it takes memory as the bank account has payments.
 */
export class Reconciling {
  readonly #on: CalendarDate;
  readonly #currency: Currency;
  readonly #booked = new Map<string, z.infer<typeof Booked>>();
  readonly #items = new Map<DifferenceKind, Item>();
  #ledger = 0;

  /** @param carried what entries and lines came to that are not told any more */
  constructor(on: CalendarDate, currency: Currency, carried?: Carried) {
    this.#on = on;
    this.#currency = currency;
    if (!carried) return;
    this.#ledger = carried.ledger;
    for (const { source, ...open } of carried.open) this.#booked.set(source, open);
    for (const item of carried.items) this.#items.set(item.kind, { ...item, told: [...item.told] });
  }

  /**
   * What to go on from after what was told so far, which must be a closed month's last. Forgets what has cancelled out, so
   * that going on here and beginning with `carried` are the same.
   */
  carry(): Carried {
    for (const [source, { amount }] of this.#booked) if (amount === 0) this.#booked.delete(source);
    return {
      ledger: this.#ledger,
      open: [...this.#booked].map(([source, open]) => ({ source, ...open })),
      items: [...this.#items.values()].map((item) => ({ ...item, told: [...item.told] })),
    };
  }

  /** An entry of the books; others than of this currency and these days are left out. */
  entry({ date, source, reference, currency, postings }: Entry): void {
    if (currency !== this.#currency || date > this.#on) return;
    const amount = postings.reduce((sum, each) => (each.account === 'bank' ? sum + each.amount : sum), 0);
    if (amount === 0) return;
    this.#ledger += amount;
    this.#book(source, amount, { date, reference }, true);
  }

  /** A line of one of the statements that `result` is told of. */
  line(line: BankLine): void {
    const { entry, status } = line;
    const date = line.bookedOn;
    const reference = entry.text.slice(0, 140);
    if (status === 'matched') {
      for (const { source, amount } of sourcesOf(line))
        this.#book(source, -amount, { date, reference }, false);
      return;
    }
    this.#tell(status, {
      source: `${line.bankStatementId}#${entry.line}`,
      date,
      reference,
      amount: entry.amount,
    });
  }

  /**
   * @param statements those of all bank accounts of the currency that ended by that day
   * @param stored what the lines of each come to that are stored
   */
  result(statements: readonly BankStatement[], stored: ReadonlyMap<string, number>): Reconciliation {
    const accounts = [...Map.groupBy(statements, ({ bankAccountId }) => bankAccountId)].flatMap(([, own]) =>
      this.#account(own.toSorted(byEnd), stored),
    );
    for (const [source, { amount, booked, date, reference }] of this.#booked) {
      if (amount === 0) continue;
      this.#tell(booked ? 'not_on_statement' : 'booked_later', {
        source,
        date,
        reference,
        amount: 0 - amount,
      });
    }
    const items = DifferenceKind.options.flatMap((kind) => this.#items.get(kind) ?? []);
    const closingBalance = sumOf(accounts.map((account) => account.closingBalance));
    const explained = sumOf(items.map(({ amount }) => amount));
    return {
      on: this.#on,
      currency: this.#currency,
      accounts,
      closingBalance,
      ledgerBalance: this.#ledger,
      items,
      difference: closingBalance - this.#ledger - explained,
    };
  }

  /** Each statement goes on where the last ended; where it does not, one is missing. */
  #account(
    statements: readonly BankStatement[],
    stored: ReadonlyMap<string, number>,
  ): Reconciliation['accounts'] {
    let before: number | undefined;
    for (const statement of statements) {
      const { bankStatementId: source, header, sum } = statement;
      const date = header.openingOn ?? endOf(statement);
      const told = { source, date, reference: header.statementId };
      const gap = header.openingBalance - (before ?? 0);
      if (gap !== 0)
        this.#tell(before === undefined ? 'opening_balance' : 'missing_statement', { ...told, amount: gap });
      const left = sum - (stored.get(source) ?? 0);
      if (left !== 0) this.#tell('being_imported', { ...told, amount: left });
      before = header.closingBalance;
    }
    const last = statements.at(-1);
    if (!last) return [];
    const { bankAccountId, bankStatementId, header } = last;
    const { statementId, closingBalance } = header;
    return [{ bankAccountId, bankStatementId, statementId, closingOn: endOf(last), closingBalance }];
  }

  #book(
    source: string,
    amount: number,
    told: { date: CalendarDate; reference: string },
    booked: boolean,
  ): void {
    const known = this.#booked.get(source);
    this.#booked.set(source, {
      ...told,
      amount: (known?.amount ?? 0) + amount,
      booked: booked || (known?.booked ?? false),
    });
  }

  #tell(kind: DifferenceKind, told: Told): void {
    const item = this.#items.get(kind) ?? { kind, amount: 0, count: 0, told: [] };
    if (item.told.length < MAX_TOLD) item.told.push(told);
    this.#items.set(kind, { ...item, amount: item.amount + told.amount, count: item.count + 1 });
  }
}

/** Sorts statements as they follow one another. */
export function byEnd(one: BankStatement, other: BankStatement): number {
  return placeOf(one) < placeOf(other) ? -1 : 1;
}

/** Statements of one day follow one another as they begin, or as they came. */
const placeOf = (statement: BankStatement) =>
  `${endOf(statement)}#${statement.header.openingOn ?? endOf(statement)}#${statement.receivedAt}#${statement.bankStatementId}`;

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
