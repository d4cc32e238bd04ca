import * as z from 'zod';
import { Address, type Customer, CustomerInput } from '../customer/customer.ts';
import { CustomerId, OrderId, ShipmentId, Sku, WarehouseId } from '../kernel/ids.ts';
import { CalendarDate, dateIn } from '../kernel/time.ts';
import { unitsByLine } from '../order/line-units.ts';
import type { OrderLine } from '../order/order.ts';
import { unitsLeft } from '../order/order-status.ts';
import { Package, type Shipment } from './shipment.ts';
import type { ShippingFile } from './shipment-store.ts';

/** To whom goods go. */
export const Consignee = z.strictObject({
  name: z.string(),
  address: Address,
  language: CustomerInput.shape.language.unwrap(),
});
export type Consignee = z.infer<typeof Consignee>;

const PackedLine = z.strictObject({
  line: z.int(),
  sku: Sku,
  description: z.string(),
  quantity: z.int(),
});

/** What lies in a shipment, for who packs and who unpacks it: no prices. */
export const PackingSlip = z.strictObject({
  kind: z.literal('packing_slip'),
  shipmentId: ShipmentId,
  orderId: OrderId,
  customerId: CustomerId,
  poNumber: z.string().optional(),
  shippedOn: CalendarDate,
  warehouse: WarehouseId.optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
  consignee: Consignee,
  /** `open`: units of the line that are still to come. */
  lines: z.array(PackedLine.extend({ ordered: z.int(), open: z.int() })),
  packages: z
    .array(Package.omit({ lines: true }).extend({ packageNumber: z.int(), lines: z.array(PackedLine) }))
    .optional(),
});
export type PackingSlip = z.infer<typeof PackingSlip>;

export function consigneeOf(
  { order }: Pick<ShippingFile, 'order'>,
  { name, address, language }: Customer,
): Consignee {
  return { name, address: order.shipTo ?? address, language };
}

/** The packing slip of a shipment. Only goods stand on it: charges are not packed. */
export function composePackingSlip(
  { order, lines: orderLines, shipments }: Pick<ShippingFile, 'order' | 'lines' | 'shipments'>,
  shipment: Shipment,
  customer: Customer,
  timeZone: string,
): PackingSlip {
  const { shipmentId, orderId, customerId, carrier, trackingNumber, warehouse, packages } = shipment;
  const sofar = unitsByLine(shipments.filter((each) => each.shipmentId <= shipmentId));
  const goods = new Map(orderLines.filter(({ kind }) => kind === 'goods').map((line) => [line.line, line]));
  const packed = (lines: Shipment['lines']) =>
    lines.flatMap(({ line, quantity }) => {
      const ordered = goods.get(line);
      return ordered ? [packedLine(ordered, quantity)] : [];
    });
  return {
    kind: 'packing_slip',
    shipmentId,
    orderId,
    customerId,
    ...(order.poNumber !== undefined && { poNumber: order.poNumber }),
    shippedOn: dateIn(timeZone, shipment.shippedAt),
    ...(warehouse && { warehouse }),
    ...(carrier !== undefined && { carrier }),
    ...(trackingNumber !== undefined && { trackingNumber }),
    consignee: consigneeOf({ order }, customer),
    lines: packed(shipment.lines).map((line) => {
      const ordered = goods.get(line.line);
      const wanted = ordered ? unitsLeft(ordered) : line.quantity;
      return { ...line, ordered: wanted, open: Math.max(0, wanted - (sofar.get(line.line) ?? 0)) };
    }),
    ...(packages && {
      packages: packages.map(({ lines, ...box }, index) => ({
        ...box,
        packageNumber: index + 1,
        lines: packed(lines),
      })),
    }),
  };
}

function packedLine({ line, sku, description }: OrderLine, quantity: number): z.infer<typeof PackedLine> {
  return { line, sku, description, quantity };
}
