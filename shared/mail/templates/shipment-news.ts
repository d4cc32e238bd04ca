import type { Company } from '../../company/company.ts';
import type { FactData } from '../../fact/fact.ts';
import type { OrderLine } from '../../order/order.ts';
import type { Shipment } from '../../shipment/shipment.ts';
import { type Addressee, goodsTable, type OrderSummary, optionalFact, voiceFor } from './correspondence.ts';
import { howSatisfied } from './how-satisfied.ts';
import { button, facts, heading, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

type ShipmentNewsMail<D> = {
  company: Company;
  to: Addressee;
  order: OrderSummary;
  lines: readonly OrderLine[];
  news: D;
};

/** Tells the customer that goods arrived, to whom, and what is missing. */
export function shipmentDeliveredMail({
  company,
  to,
  order,
  lines,
  goods,
  news: { deliveredAt, proof, discrepancies = [] },
  scoreUrlOf,
}: ShipmentNewsMail<FactData<'shipment.delivered'>> & {
  /** What arrived. */
  goods: readonly Pick<OrderLine, 'sku' | 'description' | 'quantity'>[];
  /** Where the customer says how satisfied it is; not asked when left out. */
  scoreUrlOf?: (score: number) => string;
}): MailContent {
  const voice = voiceFor(company, to);
  const name = order.poNumber ?? order.orderId;
  const words = {
    en: {
      subject: `Order ${name} was delivered`,
      title: 'Your goods have arrived',
      intro: 'The goods below were delivered.',
      order: 'Order',
      reference: 'Your reference',
      delivered: 'Delivered on',
      signedBy: 'Received by',
      missing: 'Not as it left us',
      differs:
        'What arrived differs from what left our warehouse. We look into it; you need not do anything.',
      count: (arrived: string, left: string) => `${arrived} arrived, ${left} left`,
    },
    de: {
      subject: `Auftrag ${name} wurde zugestellt`,
      title: 'Ihre Ware ist angekommen',
      intro: 'die Ware Ihres Auftrags wurde zugestellt.',
      order: 'Auftrag',
      reference: 'Ihre Bestellung',
      delivered: 'Zugestellt am',
      signedBy: 'Angenommen von',
      missing: 'Anders, als es uns verlassen hat',
      differs:
        'Angekommen ist etwas anderes, als unser Lager verlassen hat. Wir gehen dem nach; Sie müssen nichts tun.',
      count: (arrived: string, left: string) => `${arrived} angekommen, ${left} versandt`,
    },
  }[to.language];
  const byNumber = new Map(lines.map((line) => [line.line, line]));
  const differing = discrepancies.map(({ line, shipped, delivered }): [string, string] => [
    byNumber.get(line)?.description ?? String(line),
    words.count(voice.count(delivered), voice.count(shipped)),
  ]);
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.title,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      facts([
        [words.order, order.orderId],
        ...optionalFact(words.reference, order.poNumber),
        [words.delivered, voice.day(deliveredAt)],
        ...optionalFact(words.signedBy, proof?.signedBy),
      ]),
      ...goodsTable(voice, goods),
      ...(differing.length > 0 ? [heading(words.missing), paragraph(words.differs), facts(differing)] : []),
      ...(scoreUrlOf ? howSatisfied('delivery', to.language, scoreUrlOf) : []),
      voice.closing,
    ],
  });
}

/** Tells the customer that the carrier came in vain, and how to follow what comes of it. */
export function deliveryFailedMail({
  company,
  to,
  order,
  parcel,
  news: { occurredAt, reason },
  trackingUrl,
}: Omit<ShipmentNewsMail<FactData<'shipment.delivery_failed'>>, 'lines'> & {
  parcel: Pick<Shipment, 'carrier' | 'trackingNumber'>;
  trackingUrl: string | undefined;
}): MailContent {
  const voice = voiceFor(company, to);
  const name = order.poNumber ?? order.orderId;
  const words = {
    en: {
      subject: `Order ${name} could not be delivered`,
      title: 'Your goods could not be delivered',
      intro:
        'The carrier could not deliver a shipment of this order. Most try again on the next working day.',
      order: 'Order',
      reference: 'Your reference',
      tried: 'Tried on',
      reason: 'Reason',
      carrier: 'Carrier',
      tracking: 'Tracking number',
      follow: 'Follow the parcel',
    },
    de: {
      subject: `Auftrag ${name} konnte nicht zugestellt werden`,
      title: 'Ihre Ware konnte nicht zugestellt werden',
      intro:
        'eine Sendung dieses Auftrags konnte nicht zugestellt werden. Meist folgt am nächsten Werktag ein neuer Versuch.',
      order: 'Auftrag',
      reference: 'Ihre Bestellung',
      tried: 'Versucht am',
      reason: 'Grund',
      carrier: 'Versand mit',
      tracking: 'Sendungsnummer',
      follow: 'Sendung verfolgen',
    },
  }[to.language];
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.title,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      facts([
        [words.order, order.orderId],
        ...optionalFact(words.reference, order.poNumber),
        [words.tried, voice.day(occurredAt)],
        ...optionalFact(words.reason, reason),
        ...optionalFact(words.carrier, parcel.carrier),
        ...optionalFact(words.tracking, parcel.trackingNumber),
      ]),
      ...(trackingUrl === undefined ? [] : [button(words.follow, trackingUrl)]),
      voice.closing,
    ],
  });
}
