import { leftOf, type OrderDeposits } from '../deposit/deposit.ts';
import { billedAtOnce, billedOf } from '../invoice/billed-lines.ts';
import { DomainError } from '../kernel/errors.ts';
import type { WarehouseId } from '../kernel/ids.ts';
import { formatMoney, MAX_AMOUNT } from '../kernel/money.ts';
import type { Shipment } from '../shipment/shipment.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import { grossOf, sameTreatment } from '../tax/tax.ts';
import { isAccepted, type Order, OrderHead, type OrderLine } from './order.ts';
import type { LineChange } from './order-facts.ts';
import { unitsLeft, unitsOf } from './order-status.ts';
import { reagreePrices } from './reagree-prices.ts';
import { resizeReservation } from './reserve-lines.ts';
import { waitingOf } from './waiting-units.ts';

/** An order and what lies beside it that a change of it depends on. */
export type ChangeableFile = {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly shipments: readonly Shipment[];
  readonly deposits?: OrderDeposits | undefined;
};

/** An order with other quantities: its head, still in the state and version it was, its lines, and what differs. */
export type ChangedQuantities = {
  readonly head: OrderHead;
  readonly lines: readonly OrderLine[];
  readonly changes: readonly LineChange[];
};

/**
 * The order with `wanted` units of the lines named in it, shipped ones counted. Fewer are cancelled units: discounts are
 * in the proportion of what is left, charges and freight stay, and what shipments bill does not change. More than was
 * ever ordered of a line is agreed anew, see `reagreePrices`: only before anything ships. What an accepted order claims of the credit is
 * what it comes to less what its shipments claim; nothing once all of it has left.
 * @param wanted units by the line's number
 * @throws DomainError `amount_too_large`; `order_has_deposit` when deposits would ask for more than is left to invoice
 */
export function changeQuantities(
  file: ChangeableFile,
  wanted: ReadonlyMap<number, number>,
): ChangedQuantities {
  const { order, shipments } = file;
  const resized = file.lines.map((line) =>
    resizeReservation(
      line,
      resize(line, wanted.get(line.line)),
      unitsByWarehouse(shipments, line.line),
      order.warehouse,
    ),
  );
  const grows = resized.some(({ quantity }, index) => quantity > (file.lines[index]?.quantity ?? 0));
  const { lines: agreedLines, adjustments: agreed } = grows
    ? reagreePrices(order, resized)
    : { lines: resized, adjustments: order.agreedAdjustments ?? order.adjustments ?? [] };
  const { currency, pricesIncludeTax } = order;
  const billed = billedAtOnce(
    { currency, adjustments: [...agreed], ...(pricesIncludeTax && { pricesIncludeTax }) },
    agreedLines,
    agreedLines.flatMap((line) =>
      unitsLeft(line) > 0 ? [{ line: line.line, quantity: unitsLeft(line) }] : [],
    ),
  );
  refuseHuge(agreedLines, billed.totals.net);
  const nets = new Map(billed.lines.map(({ line, net }) => [line, net]));
  const lines = agreedLines.map((line, index) =>
    keepAsPlaced(file.lines[index], { ...line, net: nets.get(line.line) ?? 0 }),
  );

  const before = unitsOf(order, file.lines);
  const ordered = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const cancelled = lines.reduce((sum, line) => sum + (line.cancelled ?? 0), 0);
  const openUnits = ordered - cancelled - before.shipped;
  const claimed = shipments.reduce((sum, { claim }) => sum + claim, 0);
  const claim = isAccepted(order) && openUnits > 0 ? Math.max(0, billed.totals.gross - claimed) : 0;
  const {
    adjustments: _adjustments,
    agreedAdjustments: _agreed,
    backordered: _waiting,
    ...rest
  } = OrderHead.parse(order);
  const head: OrderHead = {
    ...rest,
    ...(billed.adjustments && { adjustments: billed.adjustments }),
    ...(cancelled > 0 && agreed.length > 0 && { agreedAdjustments: [...agreed] }),
    ...waitingOf(lines),
    totals: billed.totals,
    units: { ...before, ordered, cancelled },
    openUnits,
    claim,
  };
  refuseBelowDeposits(file, head, lines);
  return { head, lines, changes: changesOf(file.lines, lines) };
}

/** Units of a line that have left each warehouse. */
function unitsByWarehouse(shipments: readonly Shipment[], wanted: number): Map<WarehouseId, number> {
  const units = new Map<WarehouseId, number>();
  for (const { warehouse = MAIN, lines } of shipments) {
    for (const { line, quantity } of lines)
      if (line === wanted) units.set(warehouse, (units.get(warehouse) ?? 0) + quantity);
  }
  return units;
}

function resize(line: OrderLine, wanted: number | undefined): OrderLine {
  if (wanted === undefined || wanted === unitsLeft(line)) return line;
  const { cancelled: _cancelled, ...rest } = line;
  if (wanted >= line.quantity) return { ...rest, quantity: wanted };
  return { ...rest, cancelled: line.quantity - wanted };
}

/** The line as it was read where nothing of it changed, so that its chunk need not be written. */
function keepAsPlaced(before: OrderLine | undefined, after: OrderLine): OrderLine {
  if (!before) return after;
  const { quantity, discount, net } = before;
  const same =
    quantity === after.quantity &&
    before.cancelled === after.cancelled &&
    discount?.amount === after.discount?.amount &&
    net === after.net;
  if (same) return before;
  return { ...after, asPlaced: before.asPlaced ?? { quantity, ...(discount && { discount }), net } };
}

function changesOf(before: readonly OrderLine[], after: readonly OrderLine[]): LineChange[] {
  return before.flatMap((line, index) => {
    const from = unitsLeft(line);
    const to = unitsLeft(after[index] ?? line);
    return from === to ? [] : [{ line: line.line, sku: line.sku, from, to }];
  });
}

function refuseHuge(lines: readonly OrderLine[], net: number): void {
  const values = lines.map(({ unitPrice, quantity }) => unitPrice * quantity);
  if (net <= MAX_AMOUNT && values.every((value) => value <= MAX_AMOUNT)) return;
  throw new DomainError(
    'amount_too_large',
    'The order is worth more than this system carries. Check the quantities.',
  );
}

/** What deposits ask for is taken off by the order's invoices: they must come to as much, tax group by tax group. */
function refuseBelowDeposits(
  { order, shipments, deposits }: ChangeableFile,
  { totals }: OrderHead,
  lines: readonly OrderLine[],
): void {
  const left = deposits?.deposits.flatMap((deposit) => deposit.left) ?? [];
  if (!deposits || left.length === 0 || totals.gross >= order.totals.gross) return;
  const shipped = billedOf(
    order,
    lines,
    shipments,
    shipments.map(({ shipmentId }) => shipmentId),
  ).totals.groups;
  const asked = (parts: typeof left, of: (typeof left)[number]) =>
    grossOf(parts.filter((part) => sameTreatment(part, of)));
  if (left.every((part) => asked(left, part) <= asked(totals.groups, part) - asked(shipped, part))) return;
  const money = formatMoney(leftOf(deposits.deposits), order.currency);
  throw new DomainError(
    'order_has_deposit',
    `Deposits of ${money} are still to be taken off by the order's invoices, which would come to less. Credit a deposit whole first, or wait until what has shipped is invoiced.`,
  );
}
