import * as z from 'zod';
import type { Customer } from '../customer/customer.ts';
import { billedOf } from '../invoice/billed-lines.ts';
import { DomainError } from '../kernel/errors.ts';
import { CustomerId, OrderId, ShipmentId, Sku } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, dateIn } from '../kernel/time.ts';
import { CustomsData } from './customs-data.ts';
import { Incoterm } from './incoterm.ts';
import { Consignee, consigneeOf } from './packing-slip.ts';
import type { Shipment } from './shipment.ts';
import type { ShippingFile } from './shipment-store.ts';

/** What goods that cross a customs border are worth, for the customs. Amounts in minor units, without tax. */
export const CommercialInvoice = z.strictObject({
  kind: z.literal('commercial_invoice'),
  shipmentId: ShipmentId,
  orderId: OrderId,
  customerId: CustomerId,
  poNumber: z.string().optional(),
  date: CalendarDate,
  consignee: Consignee.extend({ vatId: z.string().optional() }),
  reasonForExport: z.literal('sale'),
  incoterm: Incoterm,
  currency: Currency,
  /** `value` is what the units are sold for, after discounts of the line. */
  lines: z.array(
    CustomsData.omit({ weightGrams: true }).extend({
      line: z.int(),
      sku: Sku,
      description: z.string(),
      quantity: z.int(),
      value: Minor,
      netWeightGrams: z.int(),
    }),
  ),
  /** Discounts (negative), freight and charges of the order that its invoice over these goods bears. */
  adjustments: z.array(z.strictObject({ reason: z.string(), amount: Minor })),
  total: Minor,
  netWeightGrams: z.int(),
  /** As the packages were weighed, where all of them were. */
  grossWeightGrams: z.int().optional(),
  packages: z.int().min(1),
});
export type CommercialInvoice = z.infer<typeof CommercialInvoice>;

/**
 * The commercial invoice of a shipment, with the values its tax invoice has.
 * @throws DomainError `commercial_invoice_not_needed` for goods that cross no customs border
 */
export function composeCommercialInvoice(
  { order, lines: orderLines, shipments }: Pick<ShippingFile, 'order' | 'lines' | 'shipments'>,
  shipment: Shipment,
  customer: Customer,
  timeZone: string,
): CommercialInvoice {
  const { customs, shipmentId, orderId, customerId, packages } = shipment;
  if (!customs) {
    throw new DomainError(
      'commercial_invoice_not_needed',
      'The goods crossed no customs border: there is no commercial invoice, only a packing slip.',
    );
  }
  const declared = new Map(customs.lines.map((line) => [line.line, line]));
  const billed = billedOf(order, orderLines, shipments, [shipmentId]);
  const lines = billed.lines.flatMap((line) => {
    const data = declared.get(line.line);
    if (!data) return [];
    const { hsCode, origin, weightGrams } = data;
    const { sku, description, quantity, net } = line;
    const netWeightGrams = quantity * weightGrams;
    return [{ line: line.line, sku, description, quantity, hsCode, origin, value: net, netWeightGrams }];
  });
  const charged = billed.lines.filter(({ line }) => !declared.has(line));
  const weights = packages?.map(({ weightGrams }) => weightGrams) ?? [undefined];
  return {
    kind: 'commercial_invoice',
    shipmentId,
    orderId,
    customerId,
    ...(order.poNumber !== undefined && { poNumber: order.poNumber }),
    date: dateIn(timeZone, shipment.shippedAt),
    consignee: {
      ...consigneeOf({ order }, customer),
      ...(customer.vatId !== undefined && { vatId: customer.vatId }),
    },
    reasonForExport: 'sale',
    incoterm: customs.incoterm,
    currency: order.currency,
    lines,
    adjustments: [
      ...charged.map(({ description, net }) => ({ reason: description, amount: net })),
      ...(billed.adjustments ?? []).map(({ kind, reason, net }) => ({
        reason,
        amount: kind === 'discount' ? -net : net,
      })),
    ],
    total: billed.totals.net,
    netWeightGrams: lines.reduce((sum, line) => sum + line.netWeightGrams, 0),
    ...(weights.every((weight) => weight !== undefined) && {
      grossWeightGrams: weights.reduce((sum, weight) => sum + weight, 0),
    }),
    packages: packages?.length ?? 1,
  };
}
