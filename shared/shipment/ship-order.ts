import { billedOf } from '../invoice/billed-lines.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { momentAfter, newId, type ShipmentId, type WarehouseId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { unitsByLine } from '../order/line-units.ts';
import { type AcceptedOrder, type Order, OrderHead, type OrderIn, type OrderLine } from '../order/order.ts';
import { unitsLeft, unitsOf, withUnits } from '../order/order-status.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import { chooseWarehouse, leftAtWarehouses } from './choose-warehouse.ts';
import { assertPacked, packedLines } from './pack-shipment.ts';
import type { Package, Shipment, ShipmentLine } from './shipment.ts';

export type ShippableOrder = OrderIn<'confirmed' | 'partly_shipped'>;

type Dispatch = {
  carrier?: string | undefined;
  trackingNumber?: string | undefined;
  /** Where it leaves; found out where the goods of the order lie in one place. */
  warehouse?: WarehouseId | undefined;
  /** What leaves; everything that is left there where undefined. */
  lines?: readonly ShipmentLine[] | undefined;
  /** How it is packed; says what leaves where `lines` don't. */
  packages?: readonly Package[] | undefined;
};

/** Units of a line of the order. */
export type ShippedLine = Pick<OrderLine, 'line' | 'kind' | 'sku' | 'quantity'>;

/** The order's lines with only the units that `shipped` names. */
export function shippedLinesOf(
  shipped: readonly ShipmentLine[],
  orderLines: readonly OrderLine[],
): ShippedLine[] {
  const byNumber = new Map(orderLines.map((line) => [line.line, line]));
  return shipped.flatMap(({ line, quantity }) => {
    const ordered = byNumber.get(line);
    return ordered ? { line, kind: ordered.kind, sku: ordered.sku, quantity } : [];
  });
}

/**
 * An id that sorts after those of all shipments before it, whatever the clocks of two machines say: what a shipment
 * bills depends on which left before.
 */
function nextShipmentId(earlier: readonly Shipment[], at: Instant): ShipmentId {
  const id = newId('shp', at);
  const last = earlier.reduce<ShipmentId | undefined>(
    (latest, { shipmentId }) => (latest === undefined || shipmentId > latest ? shipmentId : latest),
    undefined,
  );
  return last === undefined || id > last ? id : newId('shp', momentAfter(last));
}

/**
 * The shipment of all or some of what is left of an order, and the order after it.
 * @throws DomainError `order_not_shippable`, `warehouse_ambiguous`, `packages_differ`, or `shipment_exceeds_order` with the
 *   lines at fault
 */
export function shipOrder(
  order: Order,
  orderLines: readonly OrderLine[],
  earlier: readonly Shipment[],
  dispatch: Dispatch,
  actor: string,
  at: Instant,
): {
  before: ShippableOrder;
  order: AcceptedOrder;
  shipment: Shipment;
  shippedLines: ShippedLine[];
} {
  if (order.status !== 'confirmed' && order.status !== 'partly_shipped') {
    throw new DomainError(
      'order_not_shippable',
      `The order is ${order.status}; only a confirmed order can be shipped.`,
    );
  }
  const shipped = unitsByLine(earlier);
  const open = new Map(
    orderLines.map((line) => [line.line, unitsLeft(line) - (shipped.get(line.line) ?? 0)]),
  );
  refuseTornRead(order, open);
  const left = leftAtWarehouses(order, orderLines, earlier);
  const { packages } = dispatch;
  const wanted = dispatch.lines ?? (packages && packedLines(packages));
  const warehouse = chooseWarehouse(left, order.warehouse, { warehouse: dispatch.warehouse, lines: wanted });
  const there = new Map(
    orderLines.map(({ line, kind }) => [
      line,
      kind === 'charge' ? (open.get(line) ?? 0) : (left.get(warehouse)?.get(line) ?? 0),
    ]),
  );
  const lines = wanted
    ? [...wanted]
    : [...there].flatMap(([line, quantity]) => (quantity > 0 ? { line, quantity } : []));
  refuseExcess(lines, there);
  if (lines.length === 0) {
    throw new DomainError(
      'order_not_shippable',
      `Nothing of the order is reserved in ${warehouse}: what is left waits for stock, or lies elsewhere.`,
    );
  }
  if (packages) assertPacked(packages, lines);

  const shippedLines = shippedLinesOf(lines, orderLines);
  const units = lines.reduce((sum, line) => sum + line.quantity, 0);
  const openUnits = order.openUnits - units;
  const complete = openUnits === 0;
  const before = unitsOf(order, orderLines);
  const shipmentId = nextShipmentId(earlier, at);
  const billed = billedOf(order, orderLines, [...earlier, { shipmentId, lines }], [shipmentId]);
  const claim = complete ? order.claim : Math.min(billed.totals.gross, order.claim);

  return {
    before: order,
    order: withUnits(
      order,
      { ...before, shipped: before.shipped + units },
      { ...OrderHead.parse(order), openUnits, claim: order.claim - claim },
    ),
    shipment: {
      shipmentId,
      orderId: order.orderId,
      customerId: order.customerId,
      shippedAt: at,
      shippedBy: actor,
      ...(warehouse !== MAIN && { warehouse }),
      ...(dispatch.carrier !== undefined && { carrier: dispatch.carrier }),
      ...(dispatch.trackingNumber !== undefined && { trackingNumber: dispatch.trackingNumber }),
      lines,
      ...(packages && { packages: [...packages] }),
      claim,
      complete,
    },
    shippedLines,
  };
}

/**
 * The query that finds the order and its shipments reads one after the other, so a shipment may come between: its
 * units are then missing from `open`, though the order's version is the newest and no write would notice.
 */
function refuseTornRead(order: Order, open: ReadonlyMap<number, number>): void {
  const units = [...open.values()].reduce((sum, left) => sum + left, 0);
  if (units !== order.openUnits) {
    throw new DomainError(
      'version_conflict',
      'The order was shipped by someone else meanwhile. Read it again, then retry.',
    );
  }
}

function refuseExcess(lines: readonly ShipmentLine[], open: ReadonlyMap<number, number>): void {
  const seen = new Set<number>();
  const issues = lines.flatMap(({ line, quantity }, index): FieldIssue[] => {
    const left = open.get(line);
    if (left === undefined)
      return [{ path: `lines.${index}.line`, message: `the order has no line ${line}` }];
    if (seen.has(line)) return [{ path: `lines.${index}.line`, message: `line ${line} is named twice` }];
    seen.add(line);
    return quantity > left ? [{ path: `lines.${index}.quantity`, message: `only ${left} left to ship` }] : [];
  });
  if (issues.length > 0) {
    throw new DomainError(
      'shipment_exceeds_order',
      'More is to be shipped than is reserved for the order there and not shipped yet.',
      { issues },
    );
  }
}
