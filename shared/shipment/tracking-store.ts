import { discrepancyCase } from '../case/discrepancy-store.ts';
import type { Company } from '../company/company.ts';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import { OrderId, ShipmentId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { keepReceived } from '../order/order-movement-store.ts';
import { saveOrder } from '../order/order-store.ts';
import { commit, onFreshRead } from '../table/commit.ts';
import { prefixes, references, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { Shipment } from './shipment.ts';
import type { ShipmentNews } from './shipment-news.ts';
import { loadShippingFile, type ShippingFile } from './shipment-store.ts';
import { type TrackedPart, type Tracking, trackShipment } from './track-shipment.ts';

/** Whoever ships or returns goods of the order meanwhile goes first. */
const TRIES = 5;

/** A parcel on its way. */
export type TrackedParcel = {
  readonly orderId: OrderId;
  readonly shipmentId: ShipmentId;
  /** Left out where it is the whole shipment. */
  readonly packageNumber?: number | undefined;
};

/** What news of a shipment came to, and the state they left its order in. */
export type NewsOutcome = {
  readonly result: Tracking['result'];
  readonly status: ShippingFile['order']['status'];
};

type Doing = { readonly at: Instant; readonly actor: string };

/**
 * Takes news of a shipment into account, in one transaction, once.
 * @param also the writes that belong to it, such as what remembers the request, by what came of it
 * @throws DomainError `order_not_found`, `shipment_not_found`, and what {@link trackShipment} refuses
 */
export function applyNews(
  table: Table,
  company: Pick<Company, 'country' | 'timeZone'>,
  { orderId, shipmentId, packageNumber }: TrackedParcel,
  news: ShipmentNews,
  { at, actor }: Doing,
  also: (outcome: NewsOutcome) => readonly Action[] = () => [],
): Promise<NewsOutcome> {
  return onFreshRead(async () => {
    const file = await loadShippingFile(table, orderId);
    if (!file) throw new DomainError('order_not_found', 'There is no such order.');
    const shipment = file.shipments.find((each) => each.shipmentId === shipmentId);
    if (!shipment) throw shipmentNotFound();
    const tracking = trackShipment(file, shipment, packageNumber, news, at);
    const applied = tracking.result === 'applied';
    const outcome = {
      result: tracking.result,
      status: (applied ? tracking.order : file.order).status,
    };
    const actions = [
      ...also(outcome),
      ...(applied ? trackingActions(tracking, shipment, news, { at, actor }) : []),
      ...(applied ? await discrepancyCase(table, company, shipment, tracking.parts, { at, actor }) : []),
    ];
    if (actions.length > 0) await commit(table, actions);
    return outcome;
  }, TRIES);
}

export const shipmentNotFound = () => new DomainError('shipment_not_found', 'There is no such shipment.');

/**
 * The parcels that bear a tracking number, those shipped last first: carriers use their numbers again after years.
 * One query of an index that may lag behind by a moment.
 */
export async function parcelsTracked(table: Table, trackingNumber: string): Promise<TrackedParcel[]> {
  const { items } = await table.query({
    index: 'byReference',
    partition: references.tracking(trackingNumber),
    newestFirst: true,
    limit: 10,
  });
  return items.map(({ PK, SK }) => {
    const [shipmentId, packageNumber] = SK.replace(prefixes.package, '')
      .replace(prefixes.shipment, '')
      .split('#');
    return {
      orderId: OrderId.parse(PK),
      shipmentId: ShipmentId.parse(shipmentId),
      ...(packageNumber !== undefined && { packageNumber: Number(packageNumber) }),
    };
  });
}

function trackingActions(
  { before, order, parts }: Extract<Tracking, { result: 'applied' }>,
  shipment: Shipment,
  news: ShipmentNews,
  doing: Doing,
): Action[] {
  const units = parts.reduce((sum, part) => sum + part.units, 0);
  return [
    ...(units > 0 ? [saveOrder(before, order)] : []),
    ...parts.map(({ known }) => keepReceived(known)),
    ...(units > 0
      ? [deliveredFact(order.status, versionSlot(order.version), units, parts, shipment, news, doing)]
      : parts.slice(0, 1).map((part) => onTheWayFact(part, shipment, news, doing))),
  ];
}

function deliveredFact(
  status: ShippingFile['order']['status'],
  slot: string,
  units: number,
  parts: readonly TrackedPart[],
  { orderId, shipmentId, customerId }: Shipment,
  { occurredAt, proof }: ShipmentNews,
  { at, actor }: Doing,
): Action {
  const discrepancies = parts.flatMap((part) => part.discrepancies);
  return recordFact('shipment.delivered', orderId, slot, {
    at,
    actor,
    customerId,
    data: {
      orderId,
      shipmentId,
      ...aboutPackage(parts),
      units,
      status,
      deliveredAt: occurredAt,
      ...(discrepancies.length > 0 && { discrepancies }),
      ...(proof && { proof }),
    },
  });
}

function onTheWayFact(
  part: TrackedPart,
  { orderId, shipmentId, customerId }: Shipment,
  { type, occurredAt, place, reason }: ShipmentNews,
  { at, actor }: Doing,
): Action {
  const { packageNumber, version } = part.known;
  const slot = `${shipmentId}${packageNumber === undefined ? '' : `-${packageNumber}`}-${versionSlot(version)}`;
  const data = {
    orderId,
    shipmentId,
    ...aboutPackage([part]),
    occurredAt,
    ...(place !== undefined && { place }),
    ...(reason !== undefined && { reason }),
  };
  const told = type === 'failed' ? 'shipment.delivery_failed' : 'shipment.in_transit';
  return recordFact(told, orderId, slot, { at, actor, customerId, data });
}

/** The package that news are about, where it is one of them. */
function aboutPackage(parts: readonly TrackedPart[]): { packageNumber?: number } {
  const [only] = parts;
  const packageNumber = parts.length === 1 ? only?.known.packageNumber : undefined;
  return packageNumber === undefined ? {} : { packageNumber };
}
