import type { Company } from '../../company/company.ts';
import type { OrderLine } from '../../order/order.ts';
import type { Shipment } from '../../shipment/shipment.ts';
import { type Addressee, goodsTable, type OrderSummary, optionalFact, voiceFor } from './correspondence.ts';
import { button, type Cell, facts, heading, paragraph, table } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type ShipmentDispatched = {
  company: Company;
  to: Addressee;
  order: OrderSummary;
  shipment: Shipment;
  /** The lines of the order; those in the shipment are listed. */
  lines: readonly OrderLine[];
  /** Where a number of the shipment can be followed. */
  trackingUrlOf: (trackingNumber: string) => string | undefined;
};

/** Tells the customer what is on its way and how to follow it. */
export function shipmentDispatchedMail({
  company,
  to,
  order,
  shipment,
  lines,
  trackingUrlOf,
}: ShipmentDispatched): MailContent {
  const voice = voiceFor(company, to);
  const name = order.poNumber ?? order.orderId;
  const words = {
    en: {
      subject: shipment.complete ? `Order ${name} is on its way` : `Part of order ${name} is on its way`,
      title: shipment.complete ? 'Your order is on its way' : 'Part of your order is on its way',
      intro: shipment.complete
        ? 'The goods of your order have left our warehouse. The invoice follows in a separate mail.'
        : 'The goods below have left our warehouse; the rest follows. The invoice for this part comes in a separate mail.',
      order: 'Order',
      reference: 'Your reference',
      shipped: 'Shipped on',
      carrier: 'Carrier',
      tracking: 'Tracking number',
      packages: 'Packages',
      follow: 'Follow the parcel',
      goods: 'In this shipment',
    },
    de: {
      subject: shipment.complete
        ? `Auftrag ${name} ist unterwegs`
        : `Ein Teil von Auftrag ${name} ist unterwegs`,
      title: shipment.complete ? 'Ihr Auftrag ist unterwegs' : 'Ein Teil Ihres Auftrags ist unterwegs',
      intro: shipment.complete
        ? 'die Ware Ihres Auftrags hat unser Lager verlassen. Die Rechnung erhalten Sie mit einer eigenen E-Mail.'
        : 'die unten genannte Ware hat unser Lager verlassen, der Rest folgt. Die Rechnung über diesen Teil erhalten Sie mit einer eigenen E-Mail.',
      order: 'Auftrag',
      reference: 'Ihre Bestellung',
      shipped: 'Versandt am',
      carrier: 'Versand mit',
      tracking: 'Sendungsnummer',
      packages: 'Pakete',
      follow: 'Sendung verfolgen',
      goods: 'In dieser Sendung',
    },
  }[to.language];
  const goods = goodsOf(shipment, lines);
  const url = shipment.trackingNumber && trackingUrlOf(shipment.trackingNumber);
  const columns = [{ label: '' }, { label: words.tracking }, { label: 'kg', align: 'right' as const }];
  const packages = (shipment.packages ?? []).map(({ trackingNumber, weightGrams }, index) => [
    voice.count(index + 1),
    trackingCell(trackingNumber, trackingUrlOf),
    weightGrams === undefined ? '' : kilograms(weightGrams, voice.locale),
  ]);
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: [shipment.carrier, shipment.trackingNumber].filter(Boolean).join(' ') || words.title,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      facts([
        [words.order, order.orderId],
        ...optionalFact(words.reference, order.poNumber),
        [words.shipped, voice.day(shipment.shippedAt)],
        ...optionalFact(words.carrier, shipment.carrier),
        ...optionalFact(words.tracking, shipment.trackingNumber),
      ]),
      ...(url === undefined ? [] : [button(words.follow, url)]),
      ...(packages.length > 0 ? [heading(words.packages), table(columns, packages)] : []),
      ...(goods.length > 0 ? [heading(words.goods), ...goodsTable(voice, goods)] : []),
      voice.closing,
    ],
  });
}

function trackingCell(
  trackingNumber: string | undefined,
  trackingUrlOf: (number: string) => string | undefined,
): Cell {
  if (trackingNumber === undefined) return '';
  const href = trackingUrlOf(trackingNumber);
  return href === undefined ? trackingNumber : { text: trackingNumber, href };
}

function kilograms(grams: number, locale: string): string {
  return (grams / 1000).toLocaleString(locale, { maximumFractionDigits: 3 });
}

function goodsOf(shipment: Shipment, lines: readonly OrderLine[]) {
  const byNumber = new Map(lines.map((line) => [line.line, line]));
  return shipment.lines.flatMap(({ line, quantity }) => {
    const ordered = byNumber.get(line);
    return ordered?.kind === 'goods'
      ? [{ sku: ordered.sku, description: ordered.description, quantity }]
      : [];
  });
}
