import type { BankLine } from '../bank/bank-line.ts';
import { accountNumbers } from '../bank/change-account.ts';
import { keys, versionSlot } from '../table/keys.ts';
import { factsOf, type Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * F. Every line of a statement up to where it is worked is there once, and none beyond its end; a statement that is
 * imported is worked to its end and counts its lines as they stand, and how often they changed. D. A number of a bank
 * account stands for one account, and each account is found by all of its own. F. A payment waits for its line only until
 * that came or it turned out to be none, and payers are found by accounts of their own.
 */
export function* statementsAreWorkedOnce(picture: Picture): Generator<Violation> {
  yield* numbersStandForOneAccount(picture);
  yield* linesAreCounted(picture);
  const { unconfirmed, payments, onStatement } = picture;
  for (const paymentId of unconfirmed.keys()) {
    if (!payments.has(paymentId))
      yield { invariant: 'F', detail: `${paymentId} waits for its bank line, and is no payment` };
    if (onStatement.has(`${paymentId} ${versionSlot(1)}`))
      yield { invariant: 'F', detail: `${paymentId} waits for its bank line, which is there` };
    const inError = factsOf(picture, paymentId).some(
      (fact) => fact.type === 'payment.reversed' && fact.data.kind === 'error',
    );
    if (inError)
      yield { invariant: 'F', detail: `${paymentId} waits for its bank line, and was recorded in error` };
  }
  for (const { customerId, account } of picture.payerAccounts) {
    if (!picture.payers.get(customerId)?.accounts.includes(account))
      yield { invariant: 'F', detail: `${customerId} is found by ${account}, which is none of its accounts` };
  }
}

function* numbersStandForOneAccount({ bankAccounts, bankAccountNumbers }: Picture): Generator<Violation> {
  const wanted = new Map(
    [...bankAccounts.values()].flatMap(({ bankAccountId, account, currency }) =>
      accountNumbers(account).map((number) => [keys.bankAccountNumber(number, currency).PK, bankAccountId]),
    ),
  );
  for (const key of new Set([...wanted.keys(), ...bankAccountNumbers.keys()])) {
    yield* unlessEqual('D', `bank account of ${key}`, bankAccountNumbers.get(key), wanted.get(key));
  }
}

function* linesAreCounted({ bankStatements, bankLines, lineCounts }: Picture): Generator<Violation> {
  const lines = Map.groupBy(bankLines.values(), ({ bankStatementId }) => bankStatementId);
  for (const { bankStatementId: id, entries, done, status, changed = 0 } of bankStatements.values()) {
    const own = lines.get(id) ?? [];
    const places = new Set(own.map(({ entry }) => entry.line));
    const missing = Array.from({ length: done }, (_, index) => index + 1).filter((line) => !places.has(line));
    if (missing.length > 0)
      yield { invariant: 'F', detail: `${id} is worked up to line ${done}, but has no line ${missing[0]}` };
    yield* unlessEqual('F', `changes to lines of ${id}`, changed, sumOfChanges(own));
    if (status !== 'imported') continue;
    yield* unlessEqual('F', `lines worked of ${id}`, done, entries);
    for (const [kind, count] of Object.entries(lineCounts.get(id) ?? {})) {
      const there = own.filter((line) => line.status === kind).length;
      yield* unlessEqual('F', `lines of ${id} counted as ${kind}`, count, there);
    }
  }
}

/** Each decision about a line, and each undoing, makes a version of it. */
const sumOfChanges = (lines: readonly BankLine[]) => lines.reduce((sum, { version }) => sum + version - 1, 0);
