import { DomainError } from '../kernel/errors.ts';
import type { WarehouseId } from '../kernel/ids.ts';
import type { Product } from '../product/product.ts';
import { type Availability, allocateStock, type Shortage } from '../stock/allocate-stock.ts';
import { fitsOneTransaction, NEEDS_PER_TRANSACTION, waitingUnits } from '../stock/stock-needs.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import type { OrderIn, OrderLine } from './order.ts';
import { reservedAs } from './reserve-lines.ts';
import { waitingOf } from './waiting-units.ts';

/** An order about to be placed, with where its goods are to be reserved. */
export type Placement = { readonly order: OrderIn<'placed'>; readonly lines: readonly OrderLine[] };

/** Whether units of a product may wait for stock: where the order says so and the product allows it. */
export function mayWait(
  { backorder }: Placement['order'],
  { backorderable }: Pick<Product, 'backorderable'>,
): boolean {
  return backorder === 'allow' && backorderable !== false;
}

/**
 * The order with its goods shared out to warehouses, so that as few parcels leave as can be.
 * @param ranked the warehouses that may ship it, best first
 * @throws DomainError `insufficient_stock` with all SKUs that are short and may not wait, `too_many_backorders`
 */
export function reservePlacement(
  { order, lines }: Placement,
  products: ReadonlyMap<string, Product>,
  available: Availability,
  ranked: readonly WarehouseId[],
): Placement {
  const shared = allocateStock(lines, available, ranked, (sku) => mayWait(order, products.get(sku) ?? {}));
  refuseShort(shared.short);
  const reserved = lines.map((line, index): OrderLine => {
    const { backordered, ...where } = shared.lines[index] ?? {};
    return reservedAs(line, { ...where, ...(backordered && { backordered }) });
  });
  const noted = reserved.map(({ backordered, ...line }) => ({
    ...line,
    ...(backordered !== undefined && { backordered, waited: backordered }),
  }));
  const waits = waitingUnits(noted).size;
  if (waits > NEEDS_PER_TRANSACTION) {
    throw new DomainError(
      'too_many_backorders',
      `${waits} products would have to wait for stock; an order can wait for ${NEEDS_PER_TRANSACTION}. Split it.`,
    );
  }
  const { warehouse: _before, backordered: _waited, ...head } = order;
  return {
    order: {
      ...head,
      ...(shared.home !== MAIN && { warehouse: shared.home }),
      ...waitingOf(noted),
      reservation: fitsOneTransaction(noted, shared.home) ? 'reserved' : 'pending',
    },
    lines: noted,
  };
}

function refuseShort(short: readonly Shortage[]): void {
  const [first] = short;
  if (!first) return;
  throw new DomainError(
    'insufficient_stock',
    `${first.sku}: ${first.wanted} wanted, ${first.available} available.`,
    {
      issues: short.map(({ sku, available }) => ({
        path: `sku.${sku}`,
        message: `only ${available} available`,
      })),
    },
  );
}
