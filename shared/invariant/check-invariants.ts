import { bankAgrees } from './bank.ts';
import { checkpointsHold } from './bank-checkpoints.ts';
import { statementsAreWorkedOnce } from './bank-statements.ts';
import { entriesBalance, receivablesAgree } from './books.ts';
import { casesAreFollowed } from './cases.ts';
import { closedBooksHold, journalsRunOn } from './closed-books.ts';
import { exposureIsAccountedFor } from './credit-claims.ts';
import { documentsAreSentOnce } from './deliveries.ts';
import { depositsAreTakenOffOnce } from './deposits.ts';
import { debitsAreClaimedOnce, settledRunsArePayments } from './direct-debits.ts';
import { numbersRunOn } from './numbers.ts';
import { effectsHappenOnce, keysStandForOneThing } from './once.ts';
import { importsAddUp } from './order-imports.ts';
import { looseEnds, nothingIsHalfDone, nothingIsUntold, transitionsAreLegal } from './order-life.ts';
import type { Picture } from './picture.ts';
import { providerPaymentsAddUp } from './provider-payments.ts';
import { providerRefundsAreSent } from './provider-refunds.ts';
import { quotesAreTakenOnce } from './quotes.ts';
import { readPicture, type StoredItem } from './read-picture.ts';
import { refundsGoOutOnce } from './refund-transfers.ts';
import { advicesAreFollowedOnce } from './remittances.ts';
import { settlementsAddUp } from './settlement.ts';
import { promisesAreKept } from './stock-promises.ts';
import { type Invariant, invariants, settledInvariants, type Violation } from './violation.ts';

export type { StoredItem } from './read-picture.ts';
export type { Invariant, Violation } from './violation.ts';

type Options = { settled?: boolean; mailed?: boolean; queued?: readonly string[] };

/**
 * Checks what must hold of the whole table, from one pass over its items in any order: an export, a scan, the local
 * run's `/_local/table`. Items that are written meanwhile can make it see things half done, so let the table rest.
 * @param options.settled nothing is under way any more: what is left half way is then a violation (J)
 * @param options.mailed mails are sent too: an event of which the customer was not told is then a violation (J)
 * @param options.queued texts of the messages that wait for a person: what they tell of is not left half way
 * @returns the invariants checked and every violation found; none when all is well
 */
export async function checkInvariants(
  items: AsyncIterable<StoredItem> | Iterable<StoredItem>,
  options: Options = {},
): Promise<{ checked: Invariant[]; violations: Violation[] }> {
  return examine(await readPicture(items), options);
}

/** The same on a picture taken before. */
export function examine(
  picture: Picture,
  options: Options = {},
): { checked: Invariant[]; violations: Violation[] } {
  const violations: Violation[] = picture.unreadable.map((detail) => ({ invariant: 'shape', detail }));
  const rules = [
    entriesBalance,
    closedBooksHold,
    journalsRunOn,
    numbersRunOn,
    settlementsAddUp,
    bankAgrees,
    checkpointsHold,
    statementsAreWorkedOnce,
    depositsAreTakenOffOnce,
    keysStandForOneThing,
    importsAddUp,
    casesAreFollowed,
    quotesAreTakenOnce,
    providerPaymentsAddUp,
    providerRefundsAreSent,
    receivablesAgree,
    effectsHappenOnce,
    advicesAreFollowedOnce,
    documentsAreSentOnce,
    debitsAreClaimedOnce,
    refundsGoOutOnce,
    settledRunsArePayments,
    transitionsAreLegal,
    promisesAreKept,
    exposureIsAccountedFor,
  ];
  for (const rule of rules) violations.push(...rule(picture));
  const { settled = false, mailed = false, queued = [] } = options;
  if (settled) violations.push(...looseEnds(nothingIsHalfDone(picture), queued));
  if (mailed) violations.push(...looseEnds(nothingIsUntold(picture), queued));
  return {
    checked: [...invariants, ...(settled || mailed ? settledInvariants : [])],
    violations,
  };
}
