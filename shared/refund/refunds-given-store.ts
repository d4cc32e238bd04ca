import type { CustomerId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { countGiven, RefundsGiven } from './refunds-given.ts';

type Counted = {
  readonly customerId: CustomerId;
  readonly currency: Currency;
  readonly on: CalendarDate;
  /** Minor units. */
  readonly amount: number;
};

/** What a customer got back of late; undefined where that is nothing. */
export async function loadRefundsGiven(
  table: Table,
  { customerId, currency }: Pick<Counted, 'customerId' | 'currency'>,
): Promise<RefundsGiven | undefined> {
  const item = await table.get(keys.refundsGiven(customerId, currency), { consistent: true });
  return item && refundsGivenOf(item);
}

/** The write that counts a refund, refused with `version_conflict` where another was counted since `given` was read. */
export function countAction(given: RefundsGiven | undefined, counted: Counted): Action {
  const next = countGiven(given, counted, counted);
  return {
    do: 'put',
    item: { ...keys.refundsGiven(next.customerId, next.currency), ...next },
    when: [
      given ? { attribute: 'version', is: 'equal', value: given.version } : { attribute: 'PK', is: 'absent' },
    ],
    refusal: versionConflict("customer's refunds"),
  };
}

/** The write that takes a refund back that was counted; none where nothing is counted any more. */
export async function uncountActions(table: Table, counted: Counted): Promise<Action[]> {
  const given = await loadRefundsGiven(table, counted);
  return given ? [countAction(given, { ...counted, amount: -counted.amount })] : [];
}

function refundsGivenOf({ PK: _pk, SK: _sk, ...given }: Item): RefundsGiven {
  return RefundsGiven.parse(given);
}
