import type { OrderId } from '../kernel/ids.ts';
import { versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { type DepositChange, OrderDeposits } from './deposit.ts';

/** The deposits of an order, if any were asked for. */
export async function loadDeposits(table: Table, orderId: OrderId): Promise<OrderDeposits | undefined> {
  const item = await table.get(keys.orderDeposits(orderId), { consistent: true });
  return item && depositsOf(item);
}

/** The deposits among the items of an order's partition. */
export function depositsIn(items: readonly Item[]): OrderDeposits | undefined {
  const item = items.find(({ SK }) => SK === keys.orderDeposits('').SK);
  return item && depositsOf(item);
}

/** The write that makes `after` the deposits of an order, refused with `version_conflict` in a lost race. */
export function saveDeposits({ before, after }: DepositChange): Action {
  return {
    do: 'put',
    item: { ...keys.orderDeposits(after.orderId), ...after },
    when: [asRead(before)],
    refusal: versionConflict('deposits of the order'),
  };
}

/** Refuses with `version_conflict` where the deposits of an order are not those that were read any more. */
export function checkDeposits(orderId: OrderId, read: OrderDeposits | undefined): Action {
  return {
    do: 'check',
    key: keys.orderDeposits(orderId),
    when: [asRead(read?.version ?? 'absent')],
    refusal: versionConflict('deposits of the order'),
  };
}

function asRead(version: number | 'absent') {
  return version === 'absent'
    ? ({ attribute: 'PK', is: 'absent' } as const)
    : ({ attribute: 'version', is: 'equal', value: version } as const);
}

function depositsOf({ PK: _pk, SK: _sk, ...deposits }: Item): OrderDeposits {
  return OrderDeposits.parse(deposits);
}
