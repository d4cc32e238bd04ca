import { dateIn } from '../kernel/time.ts';
import type { QuotedAdjustment } from '../tax/price-quoted.ts';
import { treatmentKey } from '../tax/tax.ts';
import { type Billed, figuresOf, quotedPartOf } from './billed-lines.ts';
import type { InvoiceLine } from './invoice.ts';
import type { BilledPart } from './issue-invoice.ts';

/**
 * What shipments of several orders come to, priced once: shipment after shipment, lines numbered anew and each with
 * where it comes from. The orders' prices are quoted alike.
 */
export function collectiveOf(parts: readonly BilledPart[], timeZone: string): Billed {
  const [first] = parts;
  if (!first) throw new RangeError('an invoice bills at least one shipment');
  const sources: NonNullable<InvoiceLine['source']>[] = [];
  const quoted = parts.flatMap(({ order, orderLines, shipments, billed }) =>
    billed.map((shipment) => {
      const { shipmentId } = shipment;
      const part = quotedPartOf(order, orderLines, shipments, [shipmentId]);
      const source = {
        orderId: order.orderId,
        shipmentId,
        suppliedOn: dateIn(timeZone, shipment.shippedAt),
        ...(order.poNumber !== undefined && { poNumber: order.poNumber }),
      };
      sources.push(...part.lines.map(() => source));
      return part;
    }),
  );
  const lines = quoted.flatMap((part) => part.lines).map((line, index) => ({ ...line, line: index + 1 }));
  const adjustments = joined(quoted.flatMap((part) => part.adjustments));
  const billed = figuresOf({ lines, adjustments }, first.order);
  return {
    ...billed,
    lines: billed.lines.map((line, index) => {
      const source = sources[index];
      return source ? { ...line, source } : line;
    }),
  };
}

/** Discounts, charges and freight that read alike stand on the invoice as one. */
function joined(adjustments: readonly QuotedAdjustment[]): QuotedAdjustment[] {
  const byName = new Map<string, QuotedAdjustment>();
  for (const adjustment of adjustments) {
    const { kind, reason, percent = '', tax } = adjustment;
    const name = JSON.stringify([kind, reason, percent, treatmentKey(tax)]);
    const amount = adjustment.amount + (byName.get(name)?.amount ?? 0);
    byName.set(name, { ...adjustment, amount });
  }
  return [...byName.values()];
}
