import { loadCustomer } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { loadProducts } from '../product/product-store.ts';
import { saveBackorder } from '../stock/backorder-store.ts';
import { loadAvailability } from '../stock/shelf-store.ts';
import { stockNeeds } from '../stock/stock-needs.ts';
import { reserveStock } from '../stock/stock-store.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import { changedChunkActions } from '../table/line-chunks.ts';
import type { Action, Table } from '../table/table.ts';
import { keptAsPlaced } from './as-placed.ts';
import type { OrderIn, OrderLine } from './order.ts';
import { warehousesFor } from './placement-store.ts';
import { type Placement, reservePlacement } from './reserve-placement.ts';
import { backordersOf } from './waiting-units.ts';

/** How often goods that others took meanwhile are shared out anew. */
const TRIES = 6;

type Change = { readonly at: Instant; readonly actor: string; readonly timeZone: string };

/**
 * Reserves the goods of a released order that had given them back, wherever they are now; what may wait waits again.
 * @returns the order as it is then; still to be reserved in chunks where it has become too long for one transaction
 * @throws DomainError `insufficient_stock`, `version_conflict`
 */
export async function renewReservation(
  table: Table,
  { order, lines }: { order: OrderIn<'placed'>; lines: readonly OrderLine[] },
  { at, actor, timeZone }: Change,
): Promise<Placement> {
  const [products, customer] = await Promise.all([
    loadProducts(table, [...new Set(lines.map(({ sku }) => sku))]),
    loadCustomer(table, order.customerId),
  ]);
  if (!customer) throw new DomainError('customer_not_found', `There is no customer ${order.customerId}.`);
  const ranked = await warehousesFor(
    table,
    { order, lines },
    { customer, products, today: dateIn(timeZone, at) },
  );
  const goods = [...products.values()].filter(({ kind }) => kind === 'goods');
  for (let left = TRIES - 1; ; left--) {
    const available = await loadAvailability(table, goods);
    const next = reservePlacement({ order, lines }, products, available, ranked);
    // What had to wait when it was placed stays as it was told then.
    const renewed = next.lines.map(({ waited: _now, ...line }, index): OrderLine => {
      const { waited } = lines[index] ?? {};
      return { ...line, ...(waited !== undefined && { waited }) };
    });
    const saved = { order: { ...next.order, version: order.version + 1 }, lines: renewed };
    try {
      await commit(table, renewActions({ order, lines }, saved, { at, actor }));
      return saved;
    } catch (error) {
      const short = error instanceof DomainError && error.code === 'insufficient_stock';
      if (!short || left === 0) throw error;
    }
  }
}

function renewActions(
  before: Placement,
  { order, lines }: Placement,
  { at, actor }: { at: Instant; actor: string },
): Action[] {
  const { orderId, customerId, version, reservation, warehouse, backordered } = order;
  return [
    {
      do: 'update',
      key: keys.order(orderId),
      set: {
        reservation,
        version,
        asPlaced: keptAsPlaced(before.order),
        ...(warehouse && { warehouse }),
        ...(backordered !== undefined && { backordered }),
      },
      remove: [...(warehouse ? [] : ['warehouse']), ...(backordered === undefined ? ['backordered'] : [])],
      when: [{ attribute: 'version', is: 'equal', value: before.order.version }],
      refusal: versionConflict('order'),
    },
    ...changedChunkActions((chunk) => keys.orderLines(orderId, chunk), before.lines, lines),
    ...(reservation === 'reserved' ? stockNeeds(lines, warehouse).map(reserveStock) : []),
    ...backordersOf(order, lines).map(saveBackorder),
    recordFact('order.reservation_renewed', orderId, versionSlot(version), {
      at,
      actor,
      customerId,
      data: { orderId },
    }),
  ];
}
