import { type CarrierPolicy, carrierNamed, trackingUrlOf } from '../carrier/carrier-policy.ts';
import { twinId } from '../kernel/ids.ts';
import type { ReceivedShipment } from '../order/order-movement.ts';
import type { Shipment } from './shipment.ts';
import type { ShipmentView } from './shipment-api.ts';

/** A shipment with what is known of it since it left. */
export function shipmentView(
  shipment: Shipment,
  received: readonly ReceivedShipment[],
  carriers: CarrierPolicy,
): ShipmentView {
  const { claim: _claim, shippedBy: _by, packages, ...rest } = shipment;
  const { orderId, shipmentId, carrier, trackingNumber } = shipment;
  const invoiceId = twinId('inv', shipmentId);
  const known = received.filter((each) => each.shipmentId === shipmentId);
  const about = carrierNamed(carriers, carrier);
  const newsOf = (packageNumber?: number) => {
    const found = known.find((each) => each.packageNumber === packageNumber);
    return found ? { delivery: deliveryOf(found) } : {};
  };
  const trackedAt = (number: string | undefined) => {
    const trackingUrl = trackingUrlOf(about, number);
    return trackingUrl === undefined ? {} : { trackingUrl };
  };
  return {
    ...rest,
    ...trackedAt(trackingNumber),
    ...newsOf(),
    ...(packages && {
      packages: packages.map((each, index) => ({
        packageNumber: index + 1,
        ...each,
        ...trackedAt(each.trackingNumber),
        ...newsOf(index + 1),
      })),
    }),
    invoiceId,
    links: { order: `/v1/orders/${orderId}`, invoice: `/v1/invoices/${invoiceId}` },
  };
}

function deliveryOf({ state, since, place, reason, proof, lines }: ReceivedShipment) {
  return {
    state,
    ...(since !== undefined && { since }),
    ...(place !== undefined && { place }),
    ...(reason !== undefined && { reason }),
    ...(proof && { proof }),
    lines,
  };
}
