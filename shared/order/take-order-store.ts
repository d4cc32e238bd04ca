import { DomainError } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { isWatched } from '../product/product.ts';
import { applyRules } from '../rule/apply-rules.ts';
import { ruled } from '../rule/rule-order.ts';
import { loadRules, notifyByRules } from '../rule/rule-store.ts';
import { type Action, MAX_ACTIONS, type Table } from '../table/table.ts';
import type { Channel, OrderSource } from './order.ts';
import type { PlaceOrderRequest } from './order-api.ts';
import { loadOrder, placeOrderActions } from './order-store.ts';
import { duplicateOf, type OrderedLines } from './ordered-lines.ts';
import { noteOrderedLines, OrderedBefore } from './ordered-lines-store.ts';
import { placeOrder } from './place-order.ts';
import { commitPlacement } from './placement-store.ts';
import { loadPricing, type Seller } from './pricing-store.ts';
import type { Placement } from './reserve-placement.ts';

/** How often a note of the same lines may come in between before an order goes without one. */
const TRIES = 5;

/** Who places an order, and how it came. */
export type OrderedBy = {
  readonly customerId: CustomerId;
  readonly actor: string;
  readonly actorId?: string | undefined;
  /** Sales may agree prices, and take orders that are smaller than the least. */
  readonly mayAgreePrices: boolean;
  readonly channel: Channel;
  readonly source?: OrderSource | undefined;
  readonly at: Instant;
};

/**
 * The one way into the system: prices an order, reserves its goods and writes it down whole, or refuses it and writes
 * nothing. Every channel goes through here but the counter, where all is done at once.
 * @param beside what is written in the same transaction: what keeps the order from being placed twice
 * @returns the order as it was placed
 * @throws DomainError as {@link placeOrder} and {@link commitPlacement} do
 */
export async function takeOrder(
  table: Table,
  seller: Seller,
  request: PlaceOrderRequest,
  by: OrderedBy,
  beside: (placed: Placement) => readonly Action[],
): Promise<Placement> {
  const { company } = seller;
  const { at, customerId } = by;
  const today = dateIn(company.timeZone, at);
  const date = request.documentDate ?? today;
  const [pricing, rules] = await Promise.all([
    loadPricing(table, seller, customerId, request, date),
    loadRules(table),
  ]);
  const priced = placeOrder(request, { ...pricing, ...by });
  const ruling = applyRules(rules, { ...pricing, ...priced }, date);
  const wanted = ruled(priced, ruling);
  const watched = isWatched(pricing.products);
  const context = { ...pricing, wish: request.warehouse, preferred: ruling.effects.warehouse, today };
  const { duplicateWindowMinutes } = pricing.verification;

  const commitNoting = (placement: Placement, note: (placed: Placement) => Action[]) =>
    commitPlacement(table, placement, context, (placed) =>
      fitting(
        [
          ...beside(placed),
          ...placeOrderActions(placed.order, placed.lines, company.timeZone, { watched }),
          ...notifyByRules(placed.order, ruling),
        ],
        note(placed),
      ),
    );
  if (duplicateWindowMinutes === 0) return commitNoting(wanted, () => []);

  let noted: OrderedLines | undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return await commitNoting(wanted, (placed) => [
        noteOrderedLines(placed, noted, duplicateWindowMinutes),
      ]);
    } catch (error) {
      if (!(error instanceof OrderedBefore)) throw error;
      noted = error.earlier;
      const doubt = noted && duplicateOf(wanted.order, noted, duplicateWindowMinutes);
      if (noted && doubt && (await stillStands(table, noted))) {
        return commitNoting(doubtful(wanted, doubt), () => []);
      }
    }
  }
  return commitNoting(wanted, () => []);
}

/**
 * What fits one transaction: where `optional` does not, it is left out.
 * @throws DomainError `too_many_lines` where not even `needed` does: more than 800 lines over nearly 90 SKUs, and more beside
 *   them than the API writes
 */
function fitting(needed: readonly Action[], optional: readonly Action[]): Action[] {
  if (needed.length > MAX_ACTIONS) {
    throw new DomainError(
      'too_many_lines',
      `So many lines over so many products take ${needed.length} writes at once, and ${MAX_ACTIONS} are possible. Split the order, or join lines of the same product.`,
    );
  }
  return needed.length + optional.length > MAX_ACTIONS ? [...needed] : [...needed, ...optional];
}

/** Whether the order was neither cancelled nor turned down: who orders anew then does not order twice. */
async function stillStands(table: Table, { orderId }: OrderedLines): Promise<boolean> {
  const order = await loadOrder(table, orderId, { consistent: true });
  return order !== undefined && order.status !== 'cancelled' && order.status !== 'rejected';
}

function doubtful(
  { order, lines }: Placement,
  doubt: NonNullable<Placement['order']['doubts']>[number],
): Placement {
  return { order: { ...order, doubts: [...(order.doubts ?? []), doubt] }, lines };
}
