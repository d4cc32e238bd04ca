import type { Instant } from '../kernel/time.ts';
import { keys } from '../table/keys.ts';
import type { Action } from '../table/table.ts';
import type { Fact, FactData, FactType } from './fact.ts';

/** Index attributes a fact may bear, see {@link owners}. */
type Indexed = { OPK: string; OSK: string; sum: Readonly<Record<string, unknown>> };

/**
 * The write that records a fact, for the transaction of the change it tells of. `slot` is unique within the
 * subject: the version it made ({@link versionSlot}), or a business name such as `reminded-2026-03-31-1`. A slot
 * already taken refuses the whole transaction, so that the same change can't happen twice.
 * @param refusal what a taken slot means to the caller
 */
export function recordFact<T extends FactType>(
  type: T,
  subject: string,
  slot: string,
  details: {
    at: Instant;
    actor: string;
    customerId?: Fact['customerId'];
    data: FactData<T>;
    indexed?: Indexed;
  },
  refusal?: () => Error,
): Action {
  const { indexed, ...rest } = details;
  return {
    do: 'put',
    item: {
      ...keys.fact(subject, slot),
      id: `${subject}.${slot}`,
      type,
      version: 1,
      subject,
      slot,
      ...rest,
      ...indexed,
    },
    when: [{ attribute: 'PK', is: 'absent' }],
    ...(refusal && { refusal }),
  };
}
