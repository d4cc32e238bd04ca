import { type BankLine, type BankStatement, lineName, sourcesOf } from '../bank/bank-line.ts';
import { Reconciling } from '../bank/reconcile.ts';
import { Currency } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { amountOn } from './books.ts';
import { factsOf, type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/** No entry is dated later. */
const END_OF_TIME = CalendarDate.parse('9999-12-31');

/**
 * A, C and F of the bank: a statement's entries are what its balances differ by; each line is the money of what it says,
 * and nothing is the money of two; the books' bank account is the closing balances less items that are named.
 */
export function* bankAgrees(picture: Picture): Generator<Violation> {
  for (const statement of picture.bankStatements.values()) yield* statementTies(picture, statement);
  for (const line of picture.bankLines.values()) yield* lineHolds(picture, line);
  yield* moneyIsOnOneLine(picture);
  yield* bookingsAreOfLines(picture);
  yield* reconciles(picture);
}

function* statementTies({ bankLines }: Picture, statement: BankStatement): Generator<Violation> {
  const { bankStatementId: id, header, sum, entries, status } = statement;
  yield* unlessEqual('C', `closing balance of ${id}`, header.closingBalance, header.openingBalance + sum);
  if (status !== 'imported') return;
  const own = [...bankLines.values()].filter(({ bankStatementId }) => bankStatementId === id);
  const total = own.reduce((amount, { entry }) => amount + entry.amount, 0);
  yield* unlessEqual('C', `lines of ${id}`, own.length, entries);
  yield* unlessEqual('C', `sum of the lines of ${id}`, total, sum);
}

function* lineHolds(picture: Picture, line: BankLine): Generator<Violation> {
  const { bankStatementId, entry, version } = line;
  const reference = { bankStatementId, line: entry.line };
  const name = lineName(reference);
  const statement = picture.bankStatements.get(bankStatementId);
  yield* unlessEqual('C', `currency of ${name}`, entry.currency, statement?.header.currency);
  if (entry.line > (statement?.entries ?? 0))
    yield { invariant: 'C', detail: `${name} is beyond the entries of its statement` };
  const told = factsOf(picture, bankStatementId).filter(
    (fact) =>
      (fact.type === 'bank_line.decided' || fact.type === 'bank_line.undone') &&
      fact.data.line.entry.line === entry.line,
  );
  yield* unlessEqual('F', `decisions told of ${name}`, told.length, version - 1);
  if (line.status !== 'matched') return;
  const { outcome } = line;
  const money = sourcesOf(line).reduce((sum, { amount }) => sum + amount, 0);
  yield* unlessEqual('C', `what ${name} is the money of`, money, entry.amount);
  const ids =
    outcome.kind === 'payment'
      ? [{ paymentId: outcome.paymentId, amount: entry.amount }]
      : outcome.kind === 'batch'
        ? outcome.parts
        : [];
  for (const { paymentId, amount } of ids) {
    const payment = picture.payments.get(paymentId);
    yield* unlessEqual('F', `line of ${paymentId}`, payment?.bankLine && lineName(payment.bankLine), name);
    yield* unlessEqual('C', `money of ${paymentId}`, payment && payment.amount - (payment.fee ?? 0), amount);
  }
  if (outcome.kind === 'confirmation') {
    const claim = `${outcome.paymentId} ${outcome.told}`;
    yield* unlessEqual('F', `line of ${claim}`, picture.onStatement.get(claim), name);
  }
}

/** A payment that a line recorded, and one that a line confirmed, is named by that line and no other. */
function* moneyIsOnOneLine({
  bankLines,
  payments,
  debitItems,
  onStatement,
  entries,
}: Picture): Generator<Violation> {
  const named = new Sums();
  for (const line of bankLines.values()) {
    if (line.status !== 'matched') continue;
    const { outcome } = line;
    if (outcome.kind === 'payment') named.add(outcome.paymentId, 1);
    if (outcome.kind === 'batch') for (const { paymentId } of outcome.parts) named.add(paymentId, 1);
    if (outcome.kind === 'confirmation') named.add(`${outcome.paymentId} ${outcome.told}`, 1);
    if (outcome.kind === 'direct_debit') {
      const own = lineName({ bankStatementId: line.bankStatementId, line: line.entry.line });
      for (const { paymentId } of debitItems.get(outcome.directDebitId) ?? []) {
        const of = paymentId && payments.get(paymentId)?.bankLine;
        if (of && lineName(of) === own) named.add(paymentId, 1);
        const claim = `${paymentId} 000001`;
        if (onStatement.get(claim) === own) named.add(claim, 1);
      }
    }
  }
  const atBank = new Sums();
  for (const entry of entries) atBank.add(entry.source, amountOn('bank', entry));
  for (const [id, { bankLine }] of payments) {
    // One that was taken back whole has left its line.
    if (bankLine && (named.of(id) > 0 || atBank.of(id) !== 0))
      yield* unlessEqual('F', `lines that recorded ${id}`, named.of(id), 1);
  }
  for (const claim of onStatement.keys()) yield* unlessEqual('F', `lines of ${claim}`, named.of(claim), 1);
}

/** What is booked for lines that no customer paid is what these lines say. */
function* bookingsAreOfLines({ bankLines, entries }: Picture): Generator<Violation> {
  const booked = new Sums();
  for (const entry of entries) if (entry.kind === 'bank') booked.add(entry.source, amountOn('bank', entry));
  const said = new Sums();
  for (const [name, line] of bankLines) {
    for (const { source, amount } of sourcesOf(line)) if (source === name) said.add(name, amount);
  }
  for (const name of new Set([...booked.keys(), ...said.keys()])) {
    if (!bankLines.has(name)) yield { invariant: 'F', detail: `${name} is booked, and is no line` };
    yield* unlessEqual('F', `booked at the bank for ${name}`, booked.of(name), said.of(name));
  }
}

/** Once nothing is under way, whatever the bank says otherwise than the books has a name. */
function* reconciles({ bankStatements, bankLines, entries }: Picture): Generator<Violation> {
  const statements = [...bankStatements.values()];
  for (const currency of new Set(statements.map(({ header }) => header.currency))) {
    const own = statements.filter(({ header }) => header.currency === currency);
    const ids = new Set<string>(own.map(({ bankStatementId }) => bankStatementId));
    const reconciling = new Reconciling(END_OF_TIME, Currency.parse(currency));
    const stored = new Sums();
    for (const entry of entries) reconciling.entry(entry);
    for (const line of bankLines.values()) {
      if (!ids.has(line.bankStatementId)) continue;
      stored.add(line.bankStatementId, line.entry.amount);
      reconciling.line(line);
    }
    const { difference, items } = reconciling.result(own, new Map(stored.entries()));
    yield* unlessEqual('A', `bank and books in ${currency}`, difference, 0);
    const unbooked = items.find(({ kind }) => kind === 'booked_later');
    yield* unlessEqual('A', `matched lines in ${currency} that are not booked`, unbooked?.count ?? 0, 0);
  }
}
