import { DomainError } from '../kernel/errors.ts';
import { type Action, ConditionFailed, type Table, TransactionConflict } from './table.ts';

const CONFLICT_RETRIES = 8;

/**
 * Writes all of `actions` or none. A failed condition becomes the error its action names; a conflict with
 * another transaction is tried again with full jitter (10 ms × 2^n, so at most about 2.5 s in all).
 * @throws DomainError what the first failed action's `refusal` makes of the stored item
 * @throws DomainError `table_busy` when conflicts go on
 */
export async function commit(table: Table, actions: readonly Action[]): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await (actions.length === 1 && actions[0] ? table.write(actions[0]) : table.transact(actions));
      return;
    } catch (error) {
      if (error instanceof ConditionFailed) throw refusalOf(actions[error.index], error);
      if (!(error instanceof TransactionConflict)) throw error;
      if (attempt === CONFLICT_RETRIES) {
        throw new DomainError('table_busy', 'Many writers want the same record. Try again in a moment.');
      }
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

/**
 * Runs `attempt`, and again from a fresh read where another writer was faster.
 * @param tries how often in all
 * @throws DomainError `version_conflict` when the last try loses too
 */
export async function onFreshRead<T>(attempt: () => Promise<T>, tries = 2): Promise<T> {
  for (let left = tries - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !(error instanceof DomainError && error.code === 'version_conflict')) throw error;
    }
  }
}

/** The refusal of a write that expected another version of `what`. */
export const versionConflict = (what: string) => () =>
  new DomainError(
    'version_conflict',
    `The ${what} was changed by someone else meanwhile. Read it again, then retry.`,
  );

function refusalOf(action: Action | undefined, failure: ConditionFailed): Error {
  return action?.refusal?.(failure.found) ?? failure;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
