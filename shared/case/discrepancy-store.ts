import type { Company } from '../company/company.ts';
import type { Instant } from '../kernel/time.ts';
import type { Shipment } from '../shipment/shipment.ts';
import type { TrackedPart } from '../shipment/track-shipment.ts';
import type { Action, Table } from '../table/table.ts';
import { openCase } from './advance-case.ts';
import { caseActions, loadCaseClock } from './case-store.ts';

/**
 * The writes that open a case where other units arrived than were shipped, for the transaction that notes it; none where
 * all did.
 */
export async function discrepancyCase(
  table: Table,
  company: Pick<Company, 'country' | 'timeZone'>,
  { orderId, shipmentId, customerId }: Shipment,
  parts: readonly TrackedPart[],
  { at, actor }: { at: Instant; actor: string },
): Promise<Action[]> {
  const discrepancies = parts.flatMap((part) => part.discrepancies);
  if (discrepancies.length === 0) return [];
  const clock = await loadCaseClock(table, company, at);
  const kind = 'delivery_discrepancy' as const;
  const about = { orderId, shipmentId };
  const lines = discrepancies.map(
    ({ line, shipped, delivered }) => `line ${line}: shipped ${shipped}, delivered ${delivered}`,
  );
  const subject = `Delivery of ${orderId} differs from what was shipped`;
  const opening = { customerId, kind, priority: 'high' as const, subject, text: lines.join('; '), about };
  const step = openCase({ ...opening, by: actor, from: 'us' }, clock, at);
  const { caseId } = step.next;
  return caseActions(undefined, step, { type: 'case.opened', data: { caseId, kind, about } }, { at, actor });
}
