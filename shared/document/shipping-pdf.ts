import type { Company } from '../company/company.ts';
import { startOfDay } from '../kernel/calendar.ts';
import { formatAmount, formatMoney } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { CommercialInvoice } from '../shipment/commercial-invoice.ts';
import type { Consignee, PackingSlip } from '../shipment/packing-slip.ts';
import type { DocumentFonts } from './fonts.ts';
import { countryName, formatCount, type Language, localeFor, longDate } from './language.ts';
import { drawPageNumber, drawRunningHead, footerPart } from './letter.ts';
import { drawLetterHead, type LetterFact } from './letter-head.ts';
import { colours, contentWidth, type Ink, lineHeight, Paper, sheet } from './paper.ts';
import { shippingWords } from './shipping-words.ts';
import { drawTable, left, right } from './table.ts';

type Words = (typeof shippingWords)['en'];
type Sheet = { paper: Paper; words: Words; locale: string };
type Letter = {
  company: Company;
  title: string;
  consignee: Consignee;
  date: CalendarDate;
  facts: readonly LetterFact[];
  fonts: DocumentFonts;
};

const heading: Ink = { font: 'bold', size: 9.5, colour: colours.accent };
const plain: Ink = { font: 'regular', size: 9, colour: colours.text };
const strong: Ink = { font: 'bold', size: 10, colour: colours.text };
const small: Ink = { font: 'regular', size: 8, colour: colours.muted };

/** A packing slip as a PDF in the customer's language. The same input gives the same bytes. */
export function renderPackingSlip(
  company: Company,
  slip: PackingSlip,
  fonts: DocumentFonts,
): Promise<Buffer> {
  const { words, locale } = wordsFor(slip.consignee.language, company);
  const { packages, consignee } = slip;
  const facts = [
    ...factsOf(slip, words, longDate(slip.shippedOn, locale)),
    ...fact(words.warehouse, slip.warehouse),
    ...fact(words.carrier, slip.carrier),
    ...fact(words.tracking, slip.trackingNumber),
    ...fact(words.packages, packages && String(packages.length)),
  ];
  const letter = { company, title: words.packingSlip, consignee, date: slip.shippedOn, facts, fonts };
  return writeLetter(letter, (sketch) => {
    const { paper } = sketch;
    const count = (units: number) => formatCount(units, locale);
    drawTable(
      { paper },
      [
        right(words.position),
        left(words.sku),
        left(words.description),
        right(words.ordered),
        right(words.quantity),
        right(words.open),
      ],
      slip.lines.map(({ line, sku, description, ordered, quantity, open }) => ({
        cells: [
          String(line),
          sku,
          description,
          count(ordered),
          count(quantity),
          open > 0 ? count(open) : '–',
        ],
      })),
    );
    for (const box of packages ?? []) {
      const weight = box.weightGrams === undefined ? [] : [kilograms(box.weightGrams, locale)];
      const size = box.dimensionsMm ? [`${box.dimensionsMm.map((mm) => count(mm)).join(' × ')} mm`] : [];
      const number = box.trackingNumber === undefined ? [] : [box.trackingNumber];
      const title = words.packageTitle(box.packageNumber, packages?.length ?? 1);
      drawHeading(paper, [title, ...number, ...weight, ...size].join(' · '));
      drawTable(
        { paper },
        [right(words.position), left(words.sku), left(words.description), right(words.quantity)],
        box.lines.map(({ line, sku, description, quantity }) => ({
          cells: [String(line), sku, description, count(quantity)],
        })),
      );
    }
    drawText(paper, words.unpack, small);
  });
}

/** A commercial invoice as a PDF in the customer's language. The same input gives the same bytes. */
export function renderCommercialInvoice(
  company: Company,
  invoice: CommercialInvoice,
  fonts: DocumentFonts,
): Promise<Buffer> {
  const { words, locale } = wordsFor(invoice.consignee.language, company);
  const { consignee, currency } = invoice;
  const facts = [
    ...factsOf(invoice, words, longDate(invoice.date, locale)),
    ...fact(words.taxId, consignee.vatId),
    ...fact(words.eori, company.eori),
    ...fact(words.incoterm, `${invoice.incoterm} ${placeOf(invoice, company)}`.trim()),
    ...fact(words.reasonForExport, words.sale),
    ...fact(words.packages, String(invoice.packages)),
    ...fact(words.netWeight, kilograms(invoice.netWeightGrams, locale)),
    ...fact(
      words.grossWeight,
      invoice.grossWeightGrams === undefined ? undefined : kilograms(invoice.grossWeightGrams, locale),
    ),
  ];
  const letter = { company, title: words.commercialInvoice, consignee, date: invoice.date, facts, fonts };
  return writeLetter(letter, (sketch) => {
    const { paper } = sketch;
    const money = (amount: number) => formatAmount(amount, currency, locale);
    let sum = 0;
    drawTable(
      { paper, carrying: { carried: words.carried, brought: words.brought, format: money } },
      [
        right(words.position),
        left(words.sku),
        left(words.description),
        left(words.hsCode),
        left(words.origin),
        right(words.quantity),
        right(words.weight),
        right(`${words.value} ${currency}`),
      ],
      invoice.lines.map(({ line, sku, description, hsCode, origin, quantity, netWeightGrams, value }) => {
        sum += value;
        const weight = formatKilograms(netWeightGrams, locale);
        const units = formatCount(quantity, locale);
        return {
          cells: [
            String(line),
            sku,
            description,
            hsCode,
            countryName(origin, locale),
            units,
            weight,
            money(value),
          ],
          carry: sum,
        };
      }),
    );
    for (const { reason, amount } of invoice.adjustments) drawSum(paper, reason, money(amount), plain);
    drawSum(paper, words.total, formatMoney(invoice.total, currency, locale), strong);
    drawText(paper, words.declaration, plain);
    paper.ensure(60);
    paper.y += 44;
    paper.rule(paper.y, { to: sheet.left + contentWidth / 2 });
    paper.write(words.signature, sheet.left, paper.y + 4, small);
  });
}

function wordsFor(language: Language, company: Company) {
  return { words: shippingWords[language], locale: localeFor(language, company) };
}

/** A letter about goods, its text written by `draw`. */
function writeLetter(letter: Letter, draw: (sketch: Sheet) => void): Promise<Buffer> {
  const { company, title, consignee, date, facts, fonts } = letter;
  const { words, locale } = wordsFor(consignee.language, company);
  const paper = new Paper(fonts, {
    title,
    author: company.legalName,
    language: consignee.language,
    createdAt: new Date(startOfDay(date, company.timeZone)),
  });
  const foot = footerPart(paper, company, words);
  const footTop = sheet.foot - foot.height;
  paper.bottom = footTop - 12;
  paper.onNewPage(() => drawRunningHead(paper, `${title} · ${longDate(date, locale)}`, consignee.name));
  drawLetterHead({ paper, company, locale }, consignee, facts, title);
  draw({ paper, words, locale });
  return paper.finish((page, pages) => {
    foot.draw(footTop);
    drawPageNumber(paper, words.page(page, pages), footTop);
  });
}

function factsOf(
  { shipmentId, orderId, customerId, poNumber }: PackingSlip | CommercialInvoice,
  words: Words,
  date: string,
): LetterFact[] {
  return [
    [words.shipment, shipmentId],
    [words.date, date],
    [words.order, orderId],
    ...fact(words.purchaseOrder, poNumber),
    [words.customer, customerId],
  ];
}

const fact = (label: string, value: string | undefined): LetterFact[] =>
  value === undefined ? [] : [[label, value]];

/** The place an Incoterm is agreed for: the seller's for those where the buyer fetches the goods, else the buyer's. */
function placeOf({ incoterm, consignee }: CommercialInvoice, company: Company): string {
  const atSeller = incoterm === 'EXW' || incoterm === 'FCA' || incoterm === 'FAS' || incoterm === 'FOB';
  return atSeller ? company.city : (consignee.address.city ?? '');
}

function formatKilograms(grams: number, locale: string): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 3 }).format(grams / 1000);
}

const kilograms = (grams: number, locale: string) => `${formatKilograms(grams, locale)} kg`;

function drawHeading(paper: Paper, text: string): void {
  paper.ensure(80);
  paper.y += 16;
  paper.write(paper.fit(text, contentWidth, heading), sheet.left, paper.y, heading);
  paper.y += lineHeight(heading) + 4;
}

function drawSum(paper: Paper, label: string, amount: string, ink: Ink): void {
  paper.ensure(lineHeight(ink) + 6);
  paper.y += 6;
  paper.write(paper.fit(label, contentWidth - 140, ink), sheet.left, paper.y, ink);
  paper.write(amount, sheet.right, paper.y, ink, 'right');
  paper.y += lineHeight(ink);
}

function drawText(paper: Paper, text: string, ink: Ink): void {
  const lines = paper.wrap(text, contentWidth, ink);
  paper.ensure(lines.length * lineHeight(ink) + 14);
  paper.y = paper.writeLines(lines, sheet.left, paper.y + 14, ink);
}
