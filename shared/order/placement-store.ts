import type { Customer } from '../customer/customer.ts';
import { DomainError } from '../kernel/errors.ts';
import type { WarehouseId } from '../kernel/ids.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import type { Product } from '../product/product.ts';
import { rankWarehouses } from '../stock/allocate-stock.ts';
import { loadAvailability } from '../stock/shelf-store.ts';
import { MAIN, type Warehouse, warehousePolicy } from '../stock/warehouse-policy.ts';
import { commit } from '../table/commit.ts';
import type { Action, Table } from '../table/table.ts';
import { mayWait, type Placement, reservePlacement } from './reserve-placement.ts';

/** How often goods that others took meanwhile are shared out anew. */
const TRIES = 6;

export type PlacementContext = {
  readonly customer: Pick<Customer, 'address'>;
  readonly products: ReadonlyMap<string, Product>;
  /** The warehouse that should ship it, where it has what it takes. */
  readonly wish?: WarehouseId | undefined;
  /** The one that a rule prefers, as long as it takes orders. */
  readonly preferred?: WarehouseId | undefined;
  /** The day whose policy holds. */
  readonly today: CalendarDate;
};

/**
 * Places an order, its goods reserved in the same transaction. What lies in `main` only is tried without reading any
 * stock; else warehouses and what they have are read first, and again whenever others were faster.
 * @param write the writes that place it
 * @returns the order as it was placed
 * @throws DomainError `insufficient_stock`, `warehouse_not_found`, `too_many_backorders`, and what `write` refuses
 */
export async function commitPlacement(
  table: Table,
  placement: Placement,
  context: PlacementContext,
  write: (placement: Placement) => Action[],
): Promise<Placement> {
  const { order } = placement;
  const goods = [...context.products.values()].filter(({ kind }) => kind === 'goods');
  const waits = goods.some((product) => mayWait(order, product));
  const inMainOnly =
    goods.every(({ stockedIn }) => !stockedIn) && (context.wish ?? context.preferred ?? MAIN) === MAIN;
  if (inMainOnly && !(waits && order.reservation === 'pending')) {
    const done = await tryToPlace(table, placement, write, waits);
    if (done) return done;
  }
  const ranked = await warehousesFor(table, placement, context);
  for (let left = TRIES; ; left--) {
    // Who has lost every race lets all wait that may: what comes, or is there after all, is then given by age.
    const available = left === 0 ? new Map() : await loadAvailability(table, goods);
    const next = reservePlacement(placement, context.products, available, ranked);
    const done = await tryToPlace(table, next, write, left > 0 && (left > 1 || waits));
    if (done) return done;
  }
}

/** @returns undefined where others took the goods meanwhile and it may be tried `again` */
async function tryToPlace(
  table: Table,
  placement: Placement,
  write: (placement: Placement) => Action[],
  again: boolean,
): Promise<Placement | undefined> {
  try {
    await commit(table, write(placement));
    return placement;
  } catch (error) {
    if (!again || !(error instanceof DomainError) || error.code !== 'insufficient_stock') throw error;
    return undefined;
  }
}

/**
 * The warehouses that may ship an order, best first.
 * @throws DomainError `warehouse_not_found` where the one wished for takes no orders
 */
export async function warehousesFor(
  table: Table,
  { order }: Placement,
  { customer, wish, preferred, today }: PlacementContext,
): Promise<WarehouseId[]> {
  const { warehouses } = (await policyInForce(table, warehousePolicy, today)).policy;
  if (wish !== undefined) assertTakesOrders(warehouses, wish);
  const { country } = order.shipTo ?? customer.address;
  return rankWarehouses(warehouses, { country, wish: wish ?? preferred });
}

/** @throws DomainError `warehouse_not_found` */
export function assertTakesOrders(warehouses: readonly Warehouse[], wanted: WarehouseId): void {
  if (warehouses.some(({ id, active }) => id === wanted && active)) return;
  throw new DomainError(
    'warehouse_not_found',
    `There is no warehouse ${wanted} that takes orders. See the policy \`warehouses\`.`,
  );
}
