import { entriesBalance, receivablesAgree } from './books.ts';
import { exposureIsAccountedFor } from './credit-claims.ts';
import { numbersRunOn } from './numbers.ts';
import { effectsHappenOnce, keysStandForOneThing } from './once.ts';
import { nothingIsHalfDone, nothingIsUntold, transitionsAreLegal } from './order-life.ts';
import type { Picture } from './picture.ts';
import { readPicture, type StoredItem } from './read-picture.ts';
import { settlementsAddUp } from './settlement.ts';
import { promisesAreKept } from './stock-promises.ts';
import { type Invariant, invariants, settledInvariants, type Violation } from './violation.ts';

export type { StoredItem } from './read-picture.ts';
export type { Invariant, Violation } from './violation.ts';

/**
 * Checks what must hold of the whole table, from one pass over its items in any order: an export, a scan, the local
 * run's `/_local/table`. Items that are written meanwhile can make it see things half done, so let the table rest.
 * @param options.settled nothing is under way any more: what is left half way is then a violation (J)
 * @param options.mailed mails are sent too: an event of which the customer was not told is then a violation (J)
 * @returns the invariants checked and every violation found; none when all is well
 */
export async function checkInvariants(
  items: AsyncIterable<StoredItem> | Iterable<StoredItem>,
  options: { settled?: boolean; mailed?: boolean } = {},
): Promise<{ checked: Invariant[]; violations: Violation[] }> {
  return examine(await readPicture(items), options);
}

/** The same on a picture taken before. */
export function examine(
  picture: Picture,
  options: { settled?: boolean; mailed?: boolean } = {},
): { checked: Invariant[]; violations: Violation[] } {
  const violations: Violation[] = picture.unreadable.map((detail) => ({ invariant: 'shape', detail }));
  const rules = [
    entriesBalance,
    numbersRunOn,
    settlementsAddUp,
    keysStandForOneThing,
    receivablesAgree,
    effectsHappenOnce,
    transitionsAreLegal,
    promisesAreKept,
    exposureIsAccountedFor,
    ...(options.settled ? [nothingIsHalfDone] : []),
    ...(options.mailed ? [nothingIsUntold] : []),
  ];
  for (const rule of rules) violations.push(...rule(picture));
  return {
    checked: [...invariants, ...(options.settled || options.mailed ? settledInvariants : [])],
    violations,
  };
}
