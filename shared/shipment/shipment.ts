import * as z from 'zod';
import { CustomerId, OrderId, ShipmentId, WarehouseId } from '../kernel/ids.ts';
import { Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { CustomsDeclaration } from './customs-data.ts';

/** `line` is the order's line number, `quantity` the units that left. */
export const ShipmentLine = z.strictObject({ line: z.int().min(1), quantity: z.int().min(1) });
export type ShipmentLine = z.infer<typeof ShipmentLine>;

const Millimetres = z.int().min(1).max(30_000);

export const TrackingNumber = z
  .string()
  .regex(/^[A-Za-z0-9-]{4,40}$/, 'must be 4 to 40 letters, digits or hyphens');

/** One parcel of a shipment: what is in it, and how it can be followed. */
export const Package = z.strictObject({
  trackingNumber: TrackingNumber.optional(),
  weightGrams: z.int().min(1).max(50_000_000).optional(),
  /** Length, width and height in millimetres. */
  dimensionsMm: z.tuple([Millimetres, Millimetres, Millimetres]).optional(),
  lines: z.array(ShipmentLine).min(1),
});
export type Package = z.infer<typeof Package>;

/** A shipment of more packages is several. */
export const MAX_PACKAGES = 50;

/** Goods that left for the customer. Never changed once written. */
export const Shipment = z.strictObject({
  shipmentId: ShipmentId,
  orderId: OrderId,
  customerId: CustomerId,
  shippedAt: Instant,
  shippedBy: z.string(),
  /** Where it left; `main` when left out. */
  warehouse: WarehouseId.optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
  lines: z.array(ShipmentLine).min(1),
  /** How its units are packed, numbered from 1 as they stand; one parcel nobody described when left out. */
  packages: z.array(Package).min(1).max(MAX_PACKAGES).optional(),
  /** What was declared of it, where it crosses a customs border. */
  customs: CustomsDeclaration.optional(),
  /** The part of the order's credit claim that its invoice replaces, gross minor units. */
  claim: Minor.min(0),
  /** Whether nothing of the order is left to ship. */
  complete: z.boolean(),
});
export type Shipment = z.infer<typeof Shipment>;

/** What arrives for itself: a package, or the whole of a shipment that has none described. */
export type ShipmentPart = {
  readonly packageNumber?: number;
  readonly trackingNumber?: string | undefined;
  readonly lines: readonly ShipmentLine[];
};

/** The parts of a shipment, in the order of their numbers. */
export function partsOf({
  packages,
  lines,
  trackingNumber,
}: Pick<Shipment, 'packages' | 'lines' | 'trackingNumber'>): ShipmentPart[] {
  if (!packages) return [{ trackingNumber, lines }];
  return packages.map((each, index) => ({ packageNumber: index + 1, ...each }));
}
