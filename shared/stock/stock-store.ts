import { DomainError } from '../kernel/errors.ts';
import { Stock } from '../product/product.ts';
import { keys } from '../table/keys.ts';
import type { Action } from '../table/table.ts';
import type { StockNeed } from './stock-needs.ts';

/** Goods leave the shelf as they are sold: refused as {@link reserveStock} is. */
export function takeStock(need: StockNeed): ReturnType<typeof reserveStock> {
  const { quantity } = need;
  return { ...reserveStock(need), add: { available: -quantity, onHand: -quantity } };
}

/** Promises goods: refused while fewer are available. @throws (on commit) DomainError `insufficient_stock` */
export function reserveStock({ sku, quantity, warehouse }: StockNeed): Extract<Action, { do: 'update' }> {
  return {
    do: 'update',
    key: keys.stock(sku, warehouse),
    add: { available: -quantity, reserved: quantity },
    when: [{ attribute: 'available', is: 'atLeast', value: quantity }],
    refusal: (found) => {
      const where = warehouse ? ` in ${warehouse}` : '';
      const available = found ? Stock.shape.available.parse(found['available']) : 0;
      return new DomainError(
        'insufficient_stock',
        `${sku}${where}: ${quantity} wanted, ${available} available.`,
        {
          issues: [{ path: `sku.${sku}`, message: `only ${available} available` }],
        },
      );
    },
  };
}

/** Gives promised goods back to what is available. */
export function releaseStock({ sku, quantity, warehouse }: StockNeed): Action {
  return {
    do: 'update',
    key: keys.stock(sku, warehouse),
    add: { available: quantity, reserved: -quantity },
    when: reserved(quantity),
  };
}

/** Promised goods leave the warehouse. */
export function shipStock({ sku, quantity, warehouse }: StockNeed): Action {
  return {
    do: 'update',
    key: keys.stock(sku, warehouse),
    add: { onHand: -quantity, reserved: -quantity },
    when: reserved(quantity),
  };
}

/** Goods taken back are on the shelf again. The stock item is made where the product never had one. */
export function restock({ sku, quantity, warehouse }: StockNeed): Action {
  return {
    do: 'update',
    key: keys.stock(sku, warehouse),
    set: { sku, ...(warehouse && { warehouse }) },
    add: { onHand: quantity, available: quantity, reserved: 0, version: 0 },
  };
}

const reserved = (quantity: number) => [{ attribute: 'reserved', is: 'atLeast', value: quantity } as const];
