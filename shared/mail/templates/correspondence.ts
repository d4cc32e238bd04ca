import type { Company } from '../../company/company.ts';
import { formatCount, type Language, localeFor, longDate } from '../../document/language.ts';
import type { Buyer } from '../../invoice/invoice.ts';
import { formatAmount, formatMoney } from '../../kernel/money.ts';
import { type CalendarDate, dateIn, type Instant } from '../../kernel/time.ts';
import type { Order, OrderLine } from '../../order/order.ts';
import { type Block, button, type Fact, facts, note, paragraph, table } from './layout/blocks.ts';

/** Who a mail is written to: a customer, or the buyer on an invoice. */
export type Addressee = Pick<Buyer, 'name' | 'language'>;

/** What mails tell of an order in any state. */
export type OrderSummary = Pick<
  Order,
  'orderId' | 'placedAt' | 'currency' | 'totals' | 'lineCount' | 'poNumber'
>;

/** How things are said to one reader by one company. */
export type Voice = {
  company: Company;
  language: Language;
  locale: string;
  /** The company as it calls itself. */
  brand: string;
  money: (amount: number, currency: string) => string;
  count: (count: number) => string;
  date: (date: CalendarDate) => string;
  /** The day of a moment, in the company's time zone. */
  day: (at: Instant) => string;
  greeting: Block;
  /** Where to turn with questions. */
  closing: Block;
};

/** How `company` writes to `to`. */
export function voiceFor(company: Company, to: Addressee): Voice {
  const { language } = to;
  const locale = localeFor(language, company);
  const date = (day: CalendarDate) => longDate(day, locale);
  return {
    company,
    language,
    locale,
    brand: company.tradingName ?? company.legalName,
    money: (amount, currency) => formatMoney(amount, currency, locale),
    count: (count) => formatCount(count, locale),
    date,
    day: (at) => date(dateIn(company.timeZone, at)),
    greeting: paragraph({ en: `Hello ${to.name},`, de: `Guten Tag ${to.name},` }[language]),
    closing: note(
      {
        en: `Questions? Reply to this mail or write to ${company.email}.`,
        de: `Fragen? Antworten Sie auf diese E-Mail oder schreiben Sie an ${company.email}.`,
      }[language],
    ),
  };
}

/** Number, day, reference and total of an order. */
export function orderFacts(voice: Voice, order: OrderSummary): Block {
  const words = {
    en: {
      order: 'Order',
      placed: 'Placed on',
      reference: 'Your reference',
      net: 'Net',
      tax: 'VAT',
      total: 'Total',
    },
    de: {
      order: 'Auftrag',
      placed: 'Bestellt am',
      reference: 'Ihre Bestellung',
      net: 'Netto',
      tax: 'USt.',
      total: 'Gesamt',
    },
  }[voice.language];
  const { totals, currency } = order;
  return facts([
    [words.order, order.orderId],
    [words.placed, voice.day(order.placedAt)],
    ...optionalFact(words.reference, order.poNumber),
    [words.net, voice.money(totals.net, currency)],
    [words.tax, voice.money(totals.tax, currency)],
    [words.total, voice.money(totals.gross, currency)],
  ]);
}

/** The way to the payer portal, where there is one. */
export function portalButton({ language }: Voice, portalUrl: string | undefined): Block[] {
  const label = { en: 'See and pay all open invoices', de: 'Alle offenen Rechnungen ansehen und bezahlen' };
  return portalUrl === undefined ? [] : [button(label[language], portalUrl)];
}

/** A fact where there is something to say. */
export function optionalFact(name: string, value: string | undefined): Fact[] {
  return value === undefined ? [] : [[name, value]];
}

/** A mail is no catalogue: of longer orders the first lines and how many more there are. */
const SHOWN_LINES = 25;

/** The lines of an order, before tax. */
export function linesTable(voice: Voice, currency: string, lines: readonly OrderLine[]): Block[] {
  if (lines.length === 0) return [];
  const words = {
    en: { item: 'Item', quantity: 'Qty', net: `Net ${currency}` },
    de: { item: 'Artikel', quantity: 'Menge', net: `Netto ${currency}` },
  }[voice.language];
  const rows = lines
    .slice(0, SHOWN_LINES)
    .map((line) => [
      itemName(line),
      voice.count(line.quantity),
      formatAmount(line.net, currency, voice.locale),
    ]);
  const columns = [
    { label: words.item },
    { label: words.quantity, align: 'right' as const },
    { label: words.net, align: 'right' as const },
  ];
  return [table(columns, rows), ...moreLines(voice, lines.length)];
}

/** What left for the customer: items and their quantities. */
export function goodsTable(
  voice: Voice,
  goods: readonly Pick<OrderLine, 'sku' | 'description' | 'quantity'>[],
): Block[] {
  const words = { en: { item: 'Item', quantity: 'Qty' }, de: { item: 'Artikel', quantity: 'Menge' } }[
    voice.language
  ];
  const rows = goods.slice(0, SHOWN_LINES).map((line) => [itemName(line), voice.count(line.quantity)]);
  const columns = [{ label: words.item }, { label: words.quantity, align: 'right' as const }];
  return [table(columns, rows), ...moreLines(voice, goods.length)];
}

function itemName({ sku, description }: Pick<OrderLine, 'sku' | 'description'>): string {
  return description.trim() === '' ? sku : `${description} (${sku})`;
}

function moreLines(voice: Voice, count: number): Block[] {
  const more = count - SHOWN_LINES;
  if (more <= 0) return [];
  return [
    note(
      { en: `… and ${voice.count(more)} more lines.`, de: `… und ${voice.count(more)} weitere Positionen.` }[
        voice.language
      ],
    ),
  ];
}
