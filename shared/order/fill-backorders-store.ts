import { loadCustomer } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Sku, WarehouseId } from '../kernel/ids.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { rankWarehouses } from '../stock/allocate-stock.ts';
import type { Backorder } from '../stock/backorder.ts';
import { dropBackorder, loadWaiting, saveBackorder } from '../stock/backorder-store.ts';
import { loadShelves, type StockItem } from '../stock/shelf-store.ts';
import { type Allocation, sumUnits, takeUnits } from '../stock/stock-needs.ts';
import { reserveStock } from '../stock/stock-store.ts';
import { MAIN, warehousePolicy } from '../stock/warehouse-policy.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import { changedChunkActions } from '../table/line-chunks.ts';
import type { Action, Table } from '../table/table.ts';
import type { Order } from './order.ts';
import { loadOrderFile, type OrderFile } from './order-store.ts';
import { fillLines } from './reserve-lines.ts';
import { waitingOf } from './waiting-units.ts';

type Change = { readonly at: Instant; readonly actor: string; readonly timeZone: string };

/** Others may take the goods or change the order between reading and writing; each try reads anew. */
const TRIES = 20;

const open: readonly Order['status'][] = ['placed', 'held', 'confirmed', 'partly_shipped'];

/**
 * Gives what is available of a SKU to the orders that wait for it, by priority and age, each in a transaction of its
 * own: the goods, the order's lines and the fact. Reads the stock as it stands, so it may be done twice or by two at
 * once. An order whose other goods are not reserved (yet, or any more) is passed over: who reserves those calls
 * this at the end.
 * @throws DomainError `table_busy` when others keep being faster
 */
export async function fillBackorders(table: Table, sku: Sku, change: Change): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const waiting = await loadWaiting(table, sku);
    if (waiting.length === 0) return;
    if (await fillEach(table, sku, waiting, change)) return;
    if (attempt === TRIES)
      throw new DomainError('table_busy', `Many want what is there of ${sku}. Try again in a moment.`);
  }
}

/** @returns false where others were faster: what was read no longer holds */
async function fillEach(
  table: Table,
  sku: Sku,
  waiting: readonly Backorder[],
  change: Change,
): Promise<boolean> {
  const shelves = await loadShelves(table, sku, { consistent: true });
  const available = new Map(shelves.map((shelf) => [shelf.warehouse ?? MAIN, shelf.available]));
  for (const backorder of waiting) {
    if ([...available.values()].every((units) => units <= 0)) return true;
    const file = await loadOrderFile(table, backorder.orderId);
    if (!file) throw new RangeError(`${backorder.orderId} waits for ${sku} and is not there`);
    if (file.order.reservation !== 'reserved' && open.includes(file.order.status)) continue;
    const ranked = await shippingFrom(table, file.order, shelves, dateIn(change.timeZone, change.at));
    const mine = new Map(ranked.map((warehouse) => [warehouse, available.get(warehouse) ?? 0]));
    const came = open.includes(file.order.status) ? takeUnits(mine, unitsWaiting(file, sku)) : [];
    try {
      await commit(table, fillActions(backorder, file, came, change));
    } catch (error) {
      if (error instanceof DomainError && raced.includes(error.code)) return false;
      throw error;
    }
    for (const { warehouse, quantity } of came)
      available.set(warehouse, (available.get(warehouse) ?? 0) - quantity);
  }
  return true;
}

const raced: readonly string[] = ['insufficient_stock', 'version_conflict'];

const unitsWaiting = ({ lines }: OrderFile, sku: Sku) =>
  lines.reduce((sum, line) => sum + (line.sku === sku ? (line.backordered ?? 0) : 0), 0);

/** The warehouses that may ship to the order, its own first. Only where there are several is the policy read. */
async function shippingFrom(
  table: Table,
  order: Order,
  shelves: readonly StockItem[],
  today: CalendarDate,
): Promise<WarehouseId[]> {
  if (shelves.length < 2) return shelves.map(({ warehouse = MAIN }) => warehouse);
  const [{ policy }, customer] = await Promise.all([
    policyInForce(table, warehousePolicy, today),
    order.shipTo ? undefined : loadCustomer(table, order.customerId),
  ]);
  const country = (order.shipTo ?? customer?.address)?.country ?? '';
  return rankWarehouses(policy.warehouses, { country, wish: order.warehouse ?? MAIN });
}

/**
 * The writes that give `came` to an order. Nothing of it waits where the order has ended meanwhile: then only the note
 * goes, on the condition that the order is still as it was read.
 */
function fillActions(
  backorder: Backorder,
  { order, lines }: OrderFile,
  came: readonly Allocation[],
  { at, actor }: Change,
): Action[] {
  const { orderId, sku } = backorder;
  const asRead = {
    key: keys.order(orderId),
    when: [{ attribute: 'version', is: 'equal', value: order.version }] as const,
    refusal: versionConflict('order'),
  };
  const waiting = open.includes(order.status) ? unitsWaiting({ order, lines }, sku) : 0;
  const left = waiting - sumUnits(came);
  const note = left > 0 ? saveBackorder({ ...backorder, units: left }) : dropBackorder(backorder);
  if (came.length === 0) return [{ do: 'check', ...asRead }, note];
  const filled = fillLines(lines, sku, came, order.warehouse);
  const version = order.version + 1;
  const { backordered } = waitingOf(filled);
  return [
    {
      do: 'update',
      ...asRead,
      set: { version, ...(backordered !== undefined && { backordered }) },
      ...(backordered === undefined && { remove: ['backordered'] }),
    },
    ...changedChunkActions((chunk) => keys.orderLines(orderId, chunk), lines, filled),
    note,
    ...came.map(({ warehouse, quantity }) =>
      reserveStock({ sku, quantity, ...(warehouse !== MAIN && { warehouse }) }),
    ),
    recordFact('stock.backorder_filled', orderId, versionSlot(version), {
      at,
      actor,
      customerId: order.customerId,
      data: { orderId, sku, allocations: [...came], left },
    }),
  ];
}
