import * as z from 'zod';
import { loadCustomer } from '../customer/customer-store.ts';
import { decodeCursor, encodeCursor } from '../http/paging.ts';
import { datesBetween } from '../kernel/calendar.ts';
import { eachLimited } from '../kernel/each-limited.ts';
import { OrderId } from '../kernel/ids.ts';
import { type CalendarDate, dateIn } from '../kernel/time.ts';
import { asPlaced } from '../order/as-placed.ts';
import { loadOrderFile } from '../order/order-store.ts';
import { loadProducts } from '../product/product-store.ts';
import { owners } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { applyRules, type RuleVersion } from './apply-rules.ts';
import type { RuleTouch } from './rule-effects.ts';

/** An order that a rule would treat otherwise than it was treated when it came in. */
export type Difference = {
  readonly orderId: OrderId;
  readonly placedAt: string;
  readonly before: RuleTouch | undefined;
  readonly after: RuleTouch | undefined;
};

/** Orders read at once. */
const AT_ONCE = 10;
/** Orders asked about in one call: some seconds. */
const MAX_ORDERS = 500;

const OrderPlaced = z.object({ data: z.object({ orderId: OrderId }) });

/**
 * Asks a rule, whether it is on or not, about the orders placed between two days, as they were placed, and says which it
 * would have treated otherwise. Writes nothing. About four read units an order of few lines.
 * @param cursor where the last call ended
 * @throws DomainError `cursor_invalid`
 */
export async function dryRun(
  table: Table,
  rule: RuleVersion,
  { from, to }: { from: CalendarDate; to: CalendarDate },
  timeZone: string,
  cursor?: string,
): Promise<{ examined: number; differences: Difference[]; nextCursor?: string }> {
  const days = datesBetween(from, to);
  const begin = cursor === undefined ? { day: from, after: undefined } : placeOf(cursor, days);
  const found: OrderId[] = [];
  let nextCursor: string | undefined;
  for (const day of days.filter((each) => each >= begin.day)) {
    let after = day === begin.day ? begin.after : undefined;
    do {
      const limit = MAX_ORDERS - found.length;
      const partition = owners.day('order.placed', day);
      const page = await table.query({ index: 'byOwner', partition, limit, ...(after && { after }) });
      const facts = await table.getMany(page.items);
      found.push(...facts.map((fact) => OrderPlaced.parse(fact).data.orderId));
      after = page.next;
      if (found.length >= MAX_ORDERS) {
        nextCursor = after ? encodeCursor(after) : encodeCursor({ OPK: partition, OSK: '~' });
        break;
      }
    } while (after);
    if (nextCursor !== undefined) break;
  }
  const differences: Difference[] = [];
  await eachLimited(found.toSorted(), AT_ONCE, async (orderId) => {
    const difference = await differenceIn(table, rule, orderId, timeZone);
    if (difference) differences.push(difference);
  });
  return {
    examined: found.length,
    differences: differences.toSorted((one, other) => one.orderId.localeCompare(other.orderId)),
    ...(nextCursor !== undefined && { nextCursor }),
  };
}

function placeOf(cursor: string, days: readonly CalendarDate[]) {
  for (const day of days) {
    try {
      return { day, after: decodeCursor(cursor, owners.day('order.placed', day)) };
    } catch (error) {
      if (day === days.at(-1)) throw error;
    }
  }
  throw new RangeError('there is no day to look at');
}

async function differenceIn(
  table: Table,
  rule: RuleVersion,
  orderId: OrderId,
  timeZone: string,
): Promise<Difference | undefined> {
  const file = await loadOrderFile(table, orderId);
  if (!file) return undefined;
  const { order, lines } = asPlaced(file);
  const [customer, products] = await Promise.all([
    loadCustomer(table, order.customerId),
    loadProducts(table, [...new Set(lines.map(({ sku }) => sku))]),
  ]);
  if (!customer) return undefined;
  const before = file.order.rules?.find(({ ruleId }) => ruleId === rule.ruleId);
  const asked = 'fault' in rule.rule ? rule : { ...rule, rule: { ...rule.rule, active: true } };
  const date = order.documentDate ?? dateIn(timeZone, order.placedAt);
  const [after] = applyRules([asked], { order, lines, customer, products }, date).touched;
  const same = JSON.stringify([before?.did, before?.failed]) === JSON.stringify([after?.did, after?.failed]);
  return same ? undefined : { orderId, placedAt: order.placedAt, before, after };
}
