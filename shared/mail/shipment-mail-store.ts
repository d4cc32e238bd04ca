import { type CarrierPolicy, carrierNamed, carrierPolicy, trackingUrlOf } from '../carrier/carrier-policy.ts';
import type { Company } from '../company/company.ts';
import type { Fact } from '../fact/fact.ts';
import { dateIn } from '../kernel/time.ts';
import type { OrderLine } from '../order/order.ts';
import { policyInForce } from '../policy/policy-store.ts';
import type { Asked } from '../satisfaction/satisfaction.ts';
import { partsOf, type Shipment } from '../shipment/shipment.ts';
import { loadShippingFile } from '../shipment/shipment-store.ts';
import type { Table } from '../table/table.ts';
import { loadKnownCustomer, mailTo, required } from './about-customer-store.ts';
import { isMailed } from './mailed-facts.ts';
import type { WrittenMail } from './post-office.ts';
import { shipmentDispatchedMail } from './templates/shipment-dispatched.ts';
import { deliveryFailedMail, shipmentDeliveredMail } from './templates/shipment-news.ts';

type Writer = {
  company: Company;
  satisfactionUrlOf: (asked: Asked, score: number) => string;
};
type ShipmentFact = Fact<'shipment.dispatched' | 'shipment.delivered' | 'shipment.delivery_failed'>;

/** The mail about a shipment that left, arrived or could not be delivered; none of what was taken along at once. */
export async function shipmentMail(
  table: Table,
  fact: ShipmentFact,
  { company, satisfactionUrlOf }: Writer,
): Promise<WrittenMail | undefined> {
  const { orderId, shipmentId } = fact.data;
  const [file, to, carriers] = await Promise.all([
    loadShippingFile(table, orderId),
    loadKnownCustomer(table, fact.customerId),
    policyInForce(table, carrierPolicy, dateIn(company.timeZone, fact.at)),
  ]);
  const { order, lines, shipments } = required(file, orderId);
  if (!isMailed(fact.type, order.channel)) return undefined;
  const shipment = required(
    shipments.find((each) => each.shipmentId === shipmentId),
    shipmentId,
  );
  const urlOf = trackingUrls(carriers.policy, shipment);
  switch (fact.type) {
    case 'shipment.dispatched':
      return mailTo(
        to,
        fact,
        shipmentDispatchedMail({ company, to, order, shipment, lines, trackingUrlOf: urlOf }),
      );
    case 'shipment.delivered': {
      const goods = goodsIn(shipment, fact.data, lines);
      return mailTo(
        to,
        fact,
        shipmentDeliveredMail({
          company,
          to,
          order,
          lines,
          goods,
          news: fact.data,
          // Of an order delivered in parts once, when all is there.
          ...(fact.data.status === 'delivered' && {
            scoreUrlOf: (score: number) =>
              satisfactionUrlOf({ subject: orderId, customerId: order.customerId }, score),
          }),
        }),
      );
    }
    case 'shipment.delivery_failed': {
      const { trackingNumber = shipment.trackingNumber } = partIn(shipment, fact.data.packageNumber);
      const parcel = { carrier: shipment.carrier, trackingNumber };
      const trackingUrl = trackingNumber && urlOf(trackingNumber);
      return mailTo(
        to,
        fact,
        deliveryFailedMail({ company, to, order, parcel, trackingUrl, news: fact.data }),
      );
    }
    default:
      return fact satisfies never;
  }
}

const trackingUrls =
  (policy: CarrierPolicy, { carrier }: Shipment) =>
  (trackingNumber: string) =>
    trackingUrlOf(carrierNamed(policy, carrier), trackingNumber);

function partIn(shipment: Shipment, packageNumber: number | undefined) {
  const found = partsOf(shipment).find((each) => each.packageNumber === packageNumber);
  return found ?? { lines: shipment.lines };
}

/** What arrived of a shipment, or of one package of it: what left, but for what differs. */
function goodsIn(
  shipment: Shipment,
  { packageNumber, discrepancies = [] }: Fact<'shipment.delivered'>['data'],
  lines: readonly OrderLine[],
): Pick<OrderLine, 'sku' | 'description' | 'quantity'>[] {
  const byNumber = new Map(lines.map((line) => [line.line, line]));
  return partIn(shipment, packageNumber).lines.flatMap(({ line, quantity }) => {
    const ordered = byNumber.get(line);
    const arrived = discrepancies.find((each) => each.line === line)?.delivered ?? quantity;
    return ordered?.kind === 'goods' && arrived > 0
      ? [{ sku: ordered.sku, description: ordered.description, quantity: arrived }]
      : [];
  });
}
