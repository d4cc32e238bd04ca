import type { Company } from '../../company/company.ts';
import type { Address } from '../../customer/customer.ts';
import { addressLines } from '../../document/language.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import type { OrderLine, OrderStatus } from '../../order/order.ts';
import type { LineChange } from '../../order/order-facts.ts';
import { type Addressee, type OrderSummary, type Voice, voiceFor } from './correspondence.ts';
import { type Block, type Fact, facts, note, paragraph, table } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type OrderChanged = {
  company: Company;
  to: Addressee;
  order: Pick<OrderSummary, 'orderId' | 'poNumber' | 'currency'>;
  /** The order's lines, for what their articles are called. */
  lines: readonly Pick<OrderLine, 'line' | 'description'>[];
  changes: readonly LineChange[];
  gross: { readonly from: number; readonly to: number };
  /** The state the change left it in. */
  status: OrderStatus;
  shipTo?: Address | undefined;
  /** The new day; `none` where none is wished for any more. */
  requestedOn?: CalendarDate | 'none' | undefined;
  /** Why units were cancelled. */
  reason?: string | undefined;
};

/** A mail is no catalogue. */
const SHOWN = 25;

/** Tells the customer what was changed on its order, or which units of it were cancelled. */
export function orderChangedMail(changed: OrderChanged): MailContent {
  const { company, to, order, status, reason } = changed;
  const voice = voiceFor(company, to);
  const name = order.poNumber ?? order.orderId;
  const total = voice.money(changed.gross.to, order.currency);
  const waits = status === 'placed' || status === 'held';
  const words = {
    en: {
      subject: `Order ${name} changed`,
      title: 'Your order was changed',
      preheader: `It now comes to ${total}.`,
      intro: 'Your order was changed as follows.',
      waits: 'We look at the changed order once more and tell you when it is confirmed.',
    },
    de: {
      subject: `Auftrag ${name} geändert`,
      title: 'Ihr Auftrag wurde geändert',
      preheader: `Er beläuft sich jetzt auf ${total}.`,
      intro: 'Ihr Auftrag wurde wie folgt geändert.',
      waits: 'Wir prüfen den geänderten Auftrag noch einmal und melden uns, sobald er bestätigt ist.',
    },
  }[to.language];
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.preheader,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      ...changesTable(voice, changed),
      facts(factsOf(voice, changed, reason)),
      ...(waits ? [paragraph(words.waits)] : []),
      voice.closing,
    ],
  });
}

function changesTable(voice: Voice, { lines, changes }: OrderChanged): Block[] {
  if (changes.length === 0) return [];
  const words = {
    en: { item: 'Item', from: 'Before', to: 'Now', more: (count: string) => `… and ${count} more lines.` },
    de: {
      item: 'Artikel',
      from: 'Bisher',
      to: 'Jetzt',
      more: (count: string) => `… und ${count} weitere Positionen.`,
    },
  }[voice.language];
  const called = new Map(lines.map(({ line, description }) => [line, description.trim()]));
  const rows = changes.slice(0, SHOWN).map(({ line, sku, from, to }) => {
    const description = called.get(line);
    return [description ? `${description} (${sku})` : sku, voice.count(from), voice.count(to)];
  });
  const more = changes.length - SHOWN;
  return [
    table(
      [{ label: words.item }, { label: words.from, align: 'right' }, { label: words.to, align: 'right' }],
      rows,
    ),
    ...(more > 0 ? [note(words.more(voice.count(more)))] : []),
  ];
}

function factsOf(
  voice: Voice,
  { company, order, gross, shipTo, requestedOn }: OrderChanged,
  reason: string | undefined,
): Fact[] {
  const words = {
    en: {
      order: 'Order',
      from: 'Total before',
      to: 'Total now',
      shipTo: 'Ships to',
      on: 'Wished for',
      none: 'as soon as possible',
      reason: 'Reason',
    },
    de: {
      order: 'Auftrag',
      from: 'Gesamt bisher',
      to: 'Gesamt jetzt',
      shipTo: 'Lieferung an',
      on: 'Wunschtermin',
      none: 'so bald wie möglich',
      reason: 'Grund',
    },
  }[voice.language];
  const day = requestedOn === 'none' ? words.none : requestedOn && voice.date(requestedOn);
  return [
    [words.order, order.poNumber ?? order.orderId],
    [words.from, voice.money(gross.from, order.currency)],
    [words.to, voice.money(gross.to, order.currency)],
    ...(shipTo ? [[words.shipTo, addressLines(shipTo, company, voice.locale).join(', ')] as const] : []),
    ...(day ? [[words.on, day] as const] : []),
    ...(reason === undefined || reason.trim() === '' ? [] : [[words.reason, reason] as const]),
  ];
}
