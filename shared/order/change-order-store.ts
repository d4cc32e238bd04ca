import type { Account } from '../customer/customer.ts';
import { changeAccount } from '../customer/customer-store.ts';
import type { OrderDeposits } from '../deposit/deposit.ts';
import { checkDeposits } from '../deposit/deposit-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { dropBackorder, saveBackorder } from '../stock/backorder-store.ts';
import { NEEDS_PER_TRANSACTION, type StockNeed, stockNeeds } from '../stock/stock-needs.ts';
import { releaseStock, reserveStock } from '../stock/stock-store.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import { versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import { changedChunkActions } from '../table/line-chunks.ts';
import type { Action } from '../table/table.ts';
import type { OrderChange } from './amend-order.ts';
import type { Order, OrderLine } from './order.ts';
import { changed, claimCredit, saveOrder } from './order-store.ts';
import { backordersOf } from './waiting-units.ts';

/** A change as it was concluded, and what else its transaction needs. */
export type ConcludedChange = {
  readonly change: OrderChange;
  readonly next: Order;
  /** The lines as they were read. */
  readonly linesBefore: readonly OrderLine[];
  readonly deposits: OrderDeposits | undefined;
  /** As it was read, where the change claims more of the credit. */
  readonly account: Account | undefined;
  readonly actor: string;
  readonly at: Instant;
};

/**
 * The writes of an amended order: head, the chunks of lines that differ, the difference in stock and in credit, the fact.
 * @throws DomainError `change_too_long`, `order_not_amendable`; on commit `insufficient_stock`, `version_conflict`
 */
export function amendActions(concluded: ConcludedChange): Action[] {
  const { before, head, changes } = concluded.change;
  const { next, actor, at } = concluded;
  const moves = head.shipTo !== before.shipTo && head.shipTo;
  const reschedules = head.requestedOn !== before.requestedOn;
  return [
    ...changeActions(concluded),
    changed('order.amended', next, at, actor, {
      ...toldOf(concluded),
      lines: [...changes],
      ...(moves && { shipTo: { ...(before.shipTo && { from: before.shipTo }), to: moves } }),
      ...(reschedules && {
        requestedOn: {
          ...(before.requestedOn !== undefined && { from: before.requestedOn }),
          ...(head.requestedOn !== undefined && { to: head.requestedOn }),
        },
      }),
      ...(next.status === 'held' && { reasons: next.reasons }),
    }),
  ];
}

/** The same where units were cancelled, with the reason. @throws as {@link amendActions} */
export function cancelUnitsActions(concluded: ConcludedChange, reason: string): Action[] {
  const { change, next, actor, at } = concluded;
  return [
    ...changeActions(concluded),
    changed('order.lines_cancelled', next, at, actor, {
      ...toldOf(concluded),
      lines: [...change.changes],
      reason,
    }),
  ];
}

/**
 * At most 100 with the idempotency key's: the head, five chunks of lines, the deposits, the account, the fact and the stock
 * of 90 SKUs.
 */
function changeActions({ change, next, linesBefore, deposits, account }: ConcludedChange): Action[] {
  const { before, lines } = change;
  const { orderId } = before;
  const stock = stockChange(change, linesBefore);
  const notes = notesChange(change, linesBefore);
  if (stock.length + notes.length > 0 && before.reservation === 'pending') {
    throw new DomainError(
      'order_not_amendable',
      'The goods of this long order are not all reserved yet. Have it released first, or cancel it whole.',
    );
  }
  if (stock.length + notes.length > NEEDS_PER_TRANSACTION) {
    throw new DomainError(
      'change_too_long',
      `One change moves the stock of at most ${NEEDS_PER_TRANSACTION} SKUs, this one of ${stock.length + notes.length}. Send it in parts.`,
    );
  }
  return [
    saveOrder(before, next),
    ...changedChunkActions((chunk) => keys.orderLines(orderId, chunk), linesBefore, lines),
    checkDeposits(orderId, deposits),
    ...creditChange(before, next, account),
    ...stock.map((need) =>
      need.quantity > 0 ? reserveStock(need) : releaseStock({ ...need, quantity: -need.quantity }),
    ),
    ...notes,
  ];
}

function creditChange(before: Order, next: Order, account: Account | undefined): Action[] {
  const more = next.claim - before.claim;
  if (more === 0) return [];
  if (more < 0) return [changeAccount(before.customerId, { exposure: more })];
  if (!account) throw new RangeError('who claims more credit has read the account');
  // Whether it fits is asked again from a fresh read: it may have to wait now, or be refused.
  return [{ ...claimCredit(account, more, true), refusal: versionConflict('credit of the customer') }];
}

/** By SKU and warehouse, units that are needed more, or less where negative. */
function stockChange({ before, lines }: OrderChange, linesBefore: readonly OrderLine[]): StockNeed[] {
  // What was given back is reserved anew, as the lines are then.
  if (before.reservation === 'expired') return [];
  const more = new Map<string, StockNeed>();
  const add = ({ sku, warehouse, quantity }: StockNeed, sign: 1 | -1) => {
    const key = `${warehouse ?? MAIN} ${sku}`;
    const units = (more.get(key)?.quantity ?? 0) + sign * quantity;
    more.set(key, { sku, quantity: units, ...(warehouse && { warehouse }) });
  };
  for (const need of stockNeeds(lines, before.warehouse)) add(need, 1);
  for (const need of stockNeeds(linesBefore, before.warehouse)) add(need, -1);
  return [...more.values()].filter(({ quantity }) => quantity !== 0);
}

/** The notes of what waits, where that is less now: units that wait are the first to be cancelled. */
function notesChange({ before, lines }: OrderChange, linesBefore: readonly OrderLine[]): Action[] {
  if (before.reservation === 'expired') return [];
  const after = new Map(backordersOf(before, lines).map((backorder) => [backorder.sku, backorder]));
  return backordersOf(before, linesBefore).flatMap((noted) => {
    const left = after.get(noted.sku);
    if (left?.units === noted.units) return [];
    return [left ? saveBackorder(left) : dropBackorder(noted)];
  });
}

function toldOf({ change: { before }, next }: ConcludedChange) {
  return {
    orderId: before.orderId,
    status: next.status,
    currency: before.currency,
    gross: { from: before.totals.gross, to: next.totals.gross },
  };
}
