import { type Address, sameAddress } from '../customer/customer.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { formatMoney } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { keptAsPlaced } from './as-placed.ts';
import { type ChangeableFile, type ChangedQuantities, changeQuantities } from './change-quantities.ts';
import type { Hold } from './desk.ts';
import { unitsByLine } from './line-units.ts';
import type { Order, OrderHead, OrderIn, Reason } from './order.ts';
import { unitsLeft, withUnits } from './order-status.ts';

/** States in which quantities, address or date of an order may be changed. */
type ChangeableOrder = OrderIn<'held' | 'confirmed' | 'partly_shipped'>;

/** A change that was worked out; what credit says of it is still to come. */
export type OrderChange = Omit<ChangedQuantities, 'head'> & {
  readonly before: ChangeableOrder;
  readonly head: OrderHead;
  /** How much more, or less where negative, it claims of the customer's credit. Gross minor units. */
  readonly moreCredit: number;
};

/** What is wanted of an order; what is left out stays. */
export type Amendment = {
  /** Units wanted of a line in all, shipped ones counted. */
  readonly lines?: readonly { readonly line: number; readonly quantity: number }[] | undefined;
  readonly shipTo?: Address | undefined;
  /** `null`: no day is wished for any more. */
  readonly requestedOn?: CalendarDate | null | undefined;
};

/**
 * An order with other quantities, another address or another day; undefined when it is like that already.
 * @param amenderId the token's `sub` of who asks for it
 * @throws DomainError `order_being_decided`, `order_not_amendable`, `amendment_below_shipped` and `validation_failed` with
 *   the lines at fault, and what `changeQuantities` refuses
 */
export function amendOrder(
  file: ChangeableFile,
  { lines = [], shipTo, requestedOn }: Amendment,
  amenderId: string,
): OrderChange | undefined {
  const before = changeable(file, 'order_not_amendable');
  const moves = shipTo !== undefined && !(before.shipTo && sameAddress(shipTo, before.shipTo));
  const reschedules = requestedOn !== undefined && (requestedOn ?? undefined) !== before.requestedOn;
  if (moves && before.status === 'partly_shipped') {
    throw new DomainError(
      'order_not_amendable',
      'Something of the order has shipped to the address it has. Cancel what is left and order it for the other address.',
      { issues: [{ path: 'shipTo', message: 'can’t change once something has shipped' }] },
    );
  }
  refuseQuantities(file, lines);
  const quantities = changeQuantities(file, new Map(lines.map(({ line, quantity }) => [line, quantity])));
  if (quantities.changes.length === 0 && !moves && !reschedules) return undefined;
  if (quantities.lines.every((line) => unitsLeft(line) === 0)) {
    throw new DomainError(
      'order_not_amendable',
      'Nothing would be left of the order. Cancel it instead: POST /v1/orders/{orderId}/cancel takes a reason.',
    );
  }
  const { shipTo: _shipTo, requestedOn: _requestedOn, ...rest } = quantities.head;
  const to = moves ? shipTo : before.shipTo;
  const on = reschedules ? (requestedOn ?? undefined) : before.requestedOn;
  const head = {
    ...rest,
    ...(to && { shipTo: to }),
    ...(on !== undefined && { requestedOn: on }),
  };
  return changeOf(before, { ...quantities, head }, amenderId);
}

/**
 * An order without some of the units that have not shipped, or without all of those. It must keep something, shipped or
 * not: see `isCancelledWhole`.
 * @param cancelled units by line; all that has not shipped when left out
 * @throws DomainError `order_being_decided`, `order_not_cancellable`, `cancellation_exceeds_order` and
 *   `validation_failed` with the lines at fault, and what `changeQuantities` refuses
 */
export function cancelUnits(
  file: ChangeableFile,
  cancelled: readonly { readonly line: number; readonly quantity: number }[] | undefined,
  cancellerId: string,
): OrderChange {
  const before = changeable(file, 'order_not_cancellable');
  const wanted = wantedAfter(file, cancelled);
  return changeOf(before, changeQuantities(file, wanted), cancellerId);
}

/** Whether nothing at all is left of an order after `cancelled` units of it are. @throws as {@link cancelUnits} */
export function isCancelledWhole(
  file: ChangeableFile,
  cancelled: readonly { readonly line: number; readonly quantity: number }[] | undefined,
): boolean {
  if (file.shipments.length > 0) return false;
  const wanted = wantedAfter(file, cancelled);
  return file.lines.every((line) => (wanted.get(line.line) ?? unitsLeft(line)) === 0);
}

/** Units left of each line named, after `cancelled` of them are. */
function wantedAfter(
  { lines, shipments }: ChangeableFile,
  cancelled: readonly { readonly line: number; readonly quantity: number }[] | undefined,
): Map<number, number> {
  const shipped = unitsByLine(shipments);
  const left = new Map(lines.map((line) => [line.line, unitsLeft(line)]));
  const open = (line: number) => (left.get(line) ?? 0) - (shipped.get(line) ?? 0);
  if (!cancelled) return new Map(lines.map(({ line }) => [line, shipped.get(line) ?? 0]));
  refuseUnknownLines(left, cancelled);
  const issues = cancelled.flatMap(({ line, quantity }, index): FieldIssue[] =>
    quantity > open(line)
      ? [
          {
            path: `lines.${index}.quantity`,
            message: `${left.get(line)} ordered, ${shipped.get(line) ?? 0} shipped: at most ${open(line)} can be cancelled`,
          },
        ]
      : [],
  );
  if (issues.length > 0) {
    throw new DomainError(
      'cancellation_exceeds_order',
      'More is to be cancelled than is left of the order and has not shipped.',
      { issues },
    );
  }
  return new Map(cancelled.map(({ line, quantity }) => [line, (left.get(line) ?? 0) - quantity]));
}

/**
 * The order after a change. A held order is decided about anew: it goes back to `placed`, and nobody's release counts
 * for what they did not see. An accepted order stays that, unless its customer's credit does not bear the change and
 * the caller would rather have it wait.
 * @param objections why credit does not bear it; asked only where the change claims more of it
 * @param hold whose desk it then lies on
 * @throws DomainError `credit_limit_exceeded`
 */
export function concludeChange(
  { before, head, moreCredit }: OrderChange,
  objections: readonly Reason[],
  onInsufficientCredit: 'refuse' | 'hold',
  at: Instant,
  hold?: Hold,
): Order {
  const { release: _release, ...undecided } = { ...head, claim: 0, version: before.version + 1 };
  if (before.status === 'held') return { ...undecided, status: 'placed' };
  if (objections.length === 0) return withUnits(before, head.units ?? unknownUnits(), head);
  if (onInsufficientCredit === 'hold' && before.status === 'confirmed') {
    return { ...undecided, status: 'held', heldAt: at, reasons: [...objections], ...(hold && { hold }) };
  }
  const more = formatMoney(moreCredit, before.currency);
  throw new DomainError(
    'credit_limit_exceeded',
    before.status === 'confirmed'
      ? `The change makes the order ${more} larger, which waits for the credit team's approval. Ask for less, or send onInsufficientCredit "hold": the whole order then waits for it.`
      : `The change makes the order ${more} larger, which the customer's credit does not bear. Something of it has shipped, so that it can't wait: ask for less.`,
  );
}

function unknownUnits(): never {
  throw new RangeError('a changed order knows its units');
}

function changeOf(
  before: ChangeableOrder,
  { head, lines, changes }: ChangedQuantities,
  amendedById: string,
): OrderChange {
  return {
    before,
    head: { ...head, asPlaced: keptAsPlaced(before), amendedById },
    lines,
    changes,
    moreCredit: head.claim - before.claim,
  };
}

/** @throws DomainError `order_being_decided`, `order_not_amendable` or `order_not_cancellable`, `version_conflict` */
function changeable(
  { order, lines, shipments }: ChangeableFile,
  refusal: 'order_not_amendable' | 'order_not_cancellable',
): ChangeableOrder {
  if (order.status === 'placed') {
    throw new DomainError('order_being_decided', 'The order is being decided about. Try again in a moment.');
  }
  if (order.status !== 'held' && order.status !== 'confirmed' && order.status !== 'partly_shipped') {
    throw new DomainError(
      refusal,
      `The order is ${order.status}: there is nothing left of it to change. Goods that were shipped can be returned.`,
    );
  }
  const shipped = [...unitsByLine(shipments).values()].reduce((sum, units) => sum + units, 0);
  if (lines.reduce((sum, line) => sum + unitsLeft(line), 0) - shipped !== order.openUnits) {
    throw new DomainError(
      'version_conflict',
      'The order was shipped or changed by someone else meanwhile. Read it again, then retry.',
    );
  }
  return order;
}

function refuseQuantities(
  { order, lines, shipments }: ChangeableFile,
  wanted: readonly { readonly line: number; readonly quantity: number }[],
): void {
  const known = new Map(lines.map((line) => [line.line, line]));
  refuseUnknownLines(known, wanted);
  const shipped = unitsByLine(shipments);
  const below = wanted.flatMap(({ line, quantity }, index): FieldIssue[] => {
    const gone = shipped.get(line) ?? 0;
    const message = `${gone} of ${known.get(line)?.quantity} have shipped: must be at least ${gone}`;
    return quantity < gone ? [{ path: `lines.${index}.quantity`, message }] : [];
  });
  if (below.length > 0) {
    throw new DomainError('amendment_below_shipped', 'What has shipped can’t be changed, only returned.', {
      issues: below,
    });
  }
  if (order.status !== 'partly_shipped') return;
  const above = wanted.flatMap(({ line, quantity }, index): FieldIssue[] => {
    const most = known.get(line)?.quantity ?? 0;
    return quantity > most ? [{ path: `lines.${index}.quantity`, message: `must be at most ${most}` }] : [];
  });
  if (above.length > 0) {
    throw new DomainError(
      'order_not_amendable',
      'Something of the order has shipped: no line can become larger than it was ordered. Place another order for more.',
      { issues: above },
    );
  }
}

function refuseUnknownLines(
  known: ReadonlyMap<number, unknown>,
  named: readonly { readonly line: number }[],
): void {
  const seen = new Set<number>();
  const issues = named.flatMap(({ line }, index): FieldIssue[] => {
    const path = `lines.${index}.line`;
    if (!known.has(line)) return [{ path, message: `the order has no line ${line}` }];
    if (seen.has(line)) return [{ path, message: `line ${line} is named twice` }];
    seen.add(line);
    return [];
  });
  if (issues.length > 0) {
    throw new DomainError('validation_failed', 'The lines are not those of the order.', { issues });
  }
}
