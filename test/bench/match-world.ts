import { generate } from 'node-iso11649';
import { addDays } from '#shared/kernel/calendar.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import type { OpenCandidate, Payer } from '#shared/matching/candidate-source.ts';

export const EUR = Currency.parse('EUR');
const firstDay = CalendarDate.parse('2026-02-02');

const surnames =
  'Albrecht Bachmann Carlsen Dietrich Eberhardt Fontaine Grünwald Hoffmann Iversen Janssen Kowalski Lefèvre Müller Nowak Öztürk Petersen Quandt Rasmussen Schröder Thompson Ullmann Vandenberg Whitfield Xanthos Yilmaz Zimmermann Ashworth Brennan Castellani Delacroix Engström Ferreira Gallagher Hartmann Ibsen Jørgensen Kessler Lindqvist Marchetti Novotny Okafor Pemberton Reinhardt Sandoval Trautmann Urbina Villeneuve Wagenaar Brandstetter Czerny Drummond Eisenberg Falkenberg Goldschmidt Hallström Kirchner Lombardi Montague Niedermayer Oosterhuis';
const trades =
  'Logistik Elektro Catering Bau Textil Foods Machinery Optics Ceramics Timber Furniture Pharma Printing Bakery Stahlbau Sanitär Instruments Plastics Gardens Toys Interiors Hardware Cosmetics Trading Packaging Verlag Solar Robotics Glass Marine';
const towns = 'Bremen Leeds Gent Aarhus Lyon Graz Porto Turku Brno Cork Ulm Delft';
const forms =
  'GmbH|AG|GmbH & Co. KG|Ltd|Limited|PLC|SARL|S.A.|B.V.|NV|OHG|ApS|Oy|AB|S.r.l.|Inc.|e.K.|UG (haftungsbeschränkt)';

export type Random = () => number;
export type World = {
  readonly payers: readonly Payer[];
  readonly items: readonly OpenCandidate[];
  /** Invoices that were paid before the statement. */
  readonly paid: readonly (OpenCandidate & { readonly total: number })[];
};

export function pick<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

export const between = (from: number, to: number, random: Random): number =>
  from + Math.floor(random() * (to - from + 1));

/** `count` customers; one in sixty is called as another is, but for its legal form. */
export function customers(count: number, random: Random): Payer[] {
  const made: Payer[] = [];
  const cores = new Set<string>();
  while (made.length < count) {
    const town = random() < 0.5 ? ` ${pick(towns.split(' '), random)}` : '';
    const core = `${pick(surnames.split(' '), random)} ${pick(trades.split(' '), random)}${town}`;
    if (cores.has(core) && random() > 0.017) continue;
    cores.add(core);
    const serial = made.length + 1;
    made.push({
      customerId: CustomerId.parse(`cus_${10_000 + serial}`),
      name: `${core} ${pick(forms.split('|'), random)}`,
      aliases: [],
      accounts: [`DE${String(10 + (serial % 89))}50010517${String(5_400_000_000 + serial * 7919)}`],
    });
  }
  return made;
}

/** The end-to-end id of a debit, as a run makes it. */
const debitId = (random: Random) =>
  `D${Array.from({ length: 14 }, () => pick(Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUV'), random)).join('')}`;

/** The numbers of orders that payers write whether or not one of them is meant. */
export const purchaseOrder = (random: Random) => String(between(4_500_000_000, 4_500_999_999, random));

/**
 * `count` invoices, numbered from `first` on, mostly of amounts of their own; one in ten is a round sum, three in ten offer
 * a discount, half bill an order that has a number, of which a third bills an order before, too, and one in twenty is debited.
 */
export function openItems(
  count: number,
  payers: readonly Payer[],
  random: Random,
  first = 1,
): OpenCandidate[] {
  const lastOrder = new Map<string, string>();
  return Array.from({ length: count }, (_, at): OpenCandidate => {
    const index = first - 1 + at;
    const digits = String(index + 1).padStart(6, '0');
    const number = `INV-2026-${digits}`;
    const exact = Math.round(2_000 * 10 ** (random() * 2.7));
    const balance = random() < 0.1 ? Math.ceil(exact / 10_000) * 10_000 : exact;
    const issuedOn = addDays(firstDay, between(0, 25, random));
    const discount = { until: addDays(issuedOn, 14), amount: Math.round(balance * 0.02) };
    const { customerId } = pick(payers, random);
    const before = random() < 0.33 ? lastOrder.get(customerId) : undefined;
    const order = random() < 0.5 ? (before ?? purchaseOrder(random)) : undefined;
    if (order !== undefined) lastOrder.set(customerId, order);
    return {
      invoiceId: InvoiceId.parse(`inv_${String(index).padStart(26, '0')}`),
      number,
      customerId,
      currency: EUR,
      balance,
      issuedOn,
      dueOn: addDays(issuedOn, 30),
      creditorReference: generate({ reference: `INV2026${digits}` }),
      ...(random() < 0.3 && { discount }),
      ...(order !== undefined && { poNumbers: [order] }),
      ...(random() < 0.05 && { endToEndId: debitId(random) }),
    };
  });
}
