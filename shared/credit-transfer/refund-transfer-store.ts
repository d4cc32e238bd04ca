import type { PaymentId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, prefixes, queuePartition } from '../table/keys.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Action, Item, Key, Table } from '../table/table.ts';
import { RefundTransfer } from './refund-transfer.ts';

/** The transfer of the refund that fact `told` of a payment tells of; undefined where it goes by none of ours. */
export async function loadTransfer(
  table: Table,
  paymentId: PaymentId,
  told: string,
): Promise<RefundTransfer | undefined> {
  const item = await table.get(keys.refundTransfer(paymentId, told), { consistent: true });
  return item && transferOfItem(item);
}

/** All transfers of a payment's refunds, oldest first. */
export async function loadTransfers(table: Table, paymentId: PaymentId): Promise<RefundTransfer[]> {
  const query = { partition: paymentId, prefix: prefixes.transfer, consistent: true };
  return (await queryAll(table, query)).map(transferOfItem);
}

/** As they stand now; missing ones are left out. */
export async function loadTransfersAt(table: Table, found: readonly Key[]): Promise<RefundTransfer[]> {
  const wanted = found.map(({ PK, SK }) => ({ PK, SK }));
  return (await table.getMany(wanted, { consistent: true })).map(transferOfItem);
}

/** Refunds that wait for a run, in one currency where that is said, longest waiting first. The queue may lag a moment. */
export async function listWaitingTransfers(table: Table, currency?: Currency): Promise<RefundTransfer[]> {
  const prefix = currency === undefined ? {} : { prefix: `${currency}#` };
  const waiting = await queryQueue(table, 'refund-transfer', prefix);
  return waiting
    .map((item) => RefundTransfer.parse(item['due']))
    .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
}

/**
 * The write that makes `next` the transfer, refused unless the stored one is the version before it.
 * @throws (on commit) DomainError `version_conflict`
 */
export function saveTransfer(next: RefundTransfer): Action {
  return {
    do: 'put',
    item: itemOf(next),
    when: [
      next.version === 1
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: next.version - 1 },
    ],
    refusal: versionConflict('refund transfer'),
  };
}

function itemOf(transfer: RefundTransfer): Item {
  const { paymentId, told, customerId, currency, status } = transfer;
  return {
    ...keys.refundTransfer(paymentId, told),
    ...transfer,
    ...(status === 'waiting' && {
      DPK: queuePartition('refund-transfer', customerId),
      DSK: `${currency}#${orderOf(transfer)}`,
      due: transfer,
    }),
  };
}

/** @throws ZodError when the item is none */
export function transferOfItem({ PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...transfer }: Item) {
  return RefundTransfer.parse(transfer);
}

const orderOf = ({ requestedAt, paymentId, told }: RefundTransfer) => `${requestedAt}#${paymentId}#${told}`;
