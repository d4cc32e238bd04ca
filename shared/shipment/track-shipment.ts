import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { unitsByLine } from '../order/line-units.ts';
import { deliverUnits, type MovedOrder } from '../order/move-units.ts';
import { type AcceptedOrder, isAccepted } from '../order/order.ts';
import { MAX_EVENTS, type ReceivedShipment } from '../order/order-movement.ts';
import { partsOf, type Shipment, type ShipmentLine, type ShipmentPart } from './shipment.ts';
import type { ShipmentNews } from './shipment-news.ts';

/** A clock that runs ahead by more is wrong. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** Units of a line that left and that arrived, where they differ. */
type Discrepancy = { line: number; shipped: number; delivered: number };

/** What news of a part of a shipment make of it. */
export type TrackedPart = {
  readonly known: ReceivedShipment;
  /** Units that arrived with it. */
  readonly units: number;
  readonly discrepancies: readonly Discrepancy[];
};

/**
 * What news of a shipment come to: `repeated` where nothing of it is new, `outdated` where later news are known, else
 * the order after it and what is now known of each part that it is about.
 */
export type Tracking =
  | { readonly result: 'repeated' | 'outdated' }
  | {
      readonly result: 'applied';
      readonly before: AcceptedOrder;
      /** A version on where units arrived; else as it was. */
      readonly order: AcceptedOrder;
      readonly parts: readonly TrackedPart[];
    };

/**
 * Takes news of a shipment into account, in whatever order they come. What was delivered stays so; of the rest the latest
 * counts. More than left of a line is noted as a discrepancy and counted as all of it.
 * @param packageNumber the package it is about; all of the shipment when undefined
 * @throws DomainError `validation_failed` where lines, package or time can't be
 */
export function trackShipment(
  file: MovedOrder,
  shipment: Shipment,
  packageNumber: number | undefined,
  news: ShipmentNews,
  at: Instant,
): Tracking {
  const { order } = file;
  if (!isAccepted(order)) throw new RangeError(`${order.orderId} is ${order.status}, but has a shipment`);
  const about = partsAbout(shipment, packageNumber, news);
  refuseImpossible(shipment, news, at);

  let next = order;
  let moved = file;
  const results: ('repeated' | 'outdated')[] = [];
  const parts: TrackedPart[] = [];
  for (const part of about) {
    const tracked = trackPart(moved, shipment, part, news, at);
    if (typeof tracked === 'string') {
      results.push(tracked);
      continue;
    }
    parts.push(tracked);
    if (tracked.units === 0) continue;
    next = { ...deliverUnits({ ...moved, order: next }, tracked.known), version: order.version + 1 };
    moved = withReceived(moved, tracked.known);
  }
  if (parts.length > 0) return { result: 'applied', before: order, order: next, parts };
  return { result: results.includes('outdated') ? 'outdated' : 'repeated' };
}

function withReceived(file: MovedOrder, known: ReceivedShipment): MovedOrder {
  const others = file.received.filter((each) => !isSamePart(each, known));
  return { ...file, received: [...others, known] };
}

const isSamePart = (one: ReceivedShipment, other: ReceivedShipment) =>
  one.shipmentId === other.shipmentId && one.packageNumber === other.packageNumber;

function trackPart(
  file: MovedOrder,
  { orderId, shipmentId }: Shipment,
  { packageNumber, lines }: ShipmentPart,
  news: ShipmentNews,
  at: Instant,
): TrackedPart | 'repeated' | 'outdated' {
  const known = file.received.find(
    (each) => each.shipmentId === shipmentId && each.packageNumber === packageNumber,
  );
  const { eventId, type, occurredAt, place, reason, proof } = news;
  if (known?.events.includes(eventId)) return 'repeated';
  const told = news.lines ?? [...lines];
  const arrived = type === 'delivered' ? arrivedOf(lines, told, known?.lines ?? []) : (known?.lines ?? []);
  const units = sumOf(arrived) - sumOf(known?.lines ?? []);
  const later = known?.since !== undefined && known.since >= occurredAt;
  if (known?.state === 'delivered' && units === 0) return type === 'delivered' ? 'repeated' : 'outdated';
  if (type !== 'delivered' && later) return 'outdated';
  // Carriers tell of every stop on the way; that it is on its way is news once.
  if (type === 'in_transit' && known?.state === 'in_transit') return 'repeated';
  return {
    units,
    discrepancies: type === 'delivered' ? discrepanciesOf(lines, told, arrived) : [],
    known: {
      orderId,
      shipmentId,
      ...(packageNumber !== undefined && { packageNumber }),
      lines: arrived,
      state: type,
      since: occurredAt,
      ...(place !== undefined && { place }),
      ...(reason !== undefined && { reason }),
      ...((proof ?? known?.proof) && { proof: proof ?? known?.proof }),
      events: [...(known?.events ?? []), eventId].slice(-MAX_EVENTS),
      at,
      version: (known?.version ?? 0) + 1,
    },
  };
}

/** What has arrived in all: never less than was known before, nor more than left. */
function arrivedOf(
  left: readonly ShipmentLine[],
  told: readonly ShipmentLine[],
  before: readonly ShipmentLine[],
): ShipmentLine[] {
  const now = unitsByLine([{ lines: told }]);
  const earlier = unitsByLine([{ lines: before }]);
  return left.flatMap(({ line, quantity }) => {
    const units = Math.min(quantity, Math.max(now.get(line) ?? 0, earlier.get(line) ?? 0));
    return units > 0 ? [{ line, quantity: units }] : [];
  });
}

function discrepanciesOf(
  left: readonly ShipmentLine[],
  told: readonly ShipmentLine[],
  arrived: readonly ShipmentLine[],
): Discrepancy[] {
  const shipped = unitsByLine([{ lines: left }]);
  const said = unitsByLine([{ lines: told }]);
  const counted = unitsByLine([{ lines: arrived }]);
  return [...new Set([...shipped.keys(), ...said.keys()])].flatMap((line) => {
    const delivered = Math.max(said.get(line) ?? 0, counted.get(line) ?? 0);
    const units = shipped.get(line) ?? 0;
    return delivered === units ? [] : [{ line, shipped: units, delivered }];
  });
}

const sumOf = (lines: readonly ShipmentLine[]) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

function partsAbout(
  shipment: Shipment,
  packageNumber: number | undefined,
  { lines }: ShipmentNews,
): ShipmentPart[] {
  const parts = partsOf(shipment);
  if (packageNumber === undefined) {
    if (lines === undefined || parts.length === 1) return parts;
    refuse('lines', 'need packageNumber: the shipment has several packages');
  }
  const part = parts.find((each) => each.packageNumber === packageNumber);
  return part ? [part] : refuse('packageNumber', `must be one of the ${parts.length} packages`);
}

function refuseImpossible({ lines: left }: Shipment, { occurredAt, lines }: ShipmentNews, at: Instant): void {
  if (Date.parse(occurredAt) > Date.parse(at) + DAY_MS) refuse('occurredAt', 'must not lie in the future');
  const seen = new Set<number>();
  for (const [index, { line }] of (lines ?? []).entries()) {
    if (seen.has(line)) refuse(`lines.${index}.line`, `line ${line} is named twice`);
    if (!left.some((each) => each.line === line))
      refuse(`lines.${index}.line`, `nothing of line ${line} left with the shipment`);
    seen.add(line);
  }
}

function refuse(path: string, message: string): never {
  const issues: FieldIssue[] = [{ path, message }];
  throw new DomainError('validation_failed', 'That can’t be told of this shipment.', { issues });
}
