import { type Invoice, remittanceOf } from '../invoice/invoice.ts';
import { isPayable } from '../invoice/payable.ts';
import { formatMoney } from '../kernel/money.ts';
import { epcPayment, qrModules } from './epc-qr.ts';
import { groupedIban } from './iban.ts';
import type { Sketch } from './invoice-head.ts';
import { formatRate, longDate } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';
import { type Part, SPACE_BEFORE } from './part.ts';

const small: Ink = { font: 'regular', size: 8, colour: colours.text };
const strong: Ink = { ...small, font: 'bold' };
const muted: Ink = { ...small, colour: colours.muted };
const caption: Ink = { font: 'regular', size: 6.5, colour: colours.muted };
const heading: Ink = { font: 'bold', size: 8, colour: colours.accent };
const button: Ink = { font: 'bold', size: 9, colour: colours.paper };

const GAP = 14;
const PAD = 16;
const QR_SIZE = 92;
const BUTTON_HEIGHT = 26;

/** How to pay an invoice: terms, instalments, bank account, a code for banking apps, and the link where there is one. */
export function paymentPart(sketch: Sketch, invoice: Invoice, payUrl: string | undefined): Part {
  const { paper, words } = sketch;
  if (!isPayable(invoice)) {
    return sentencePart(sketch, invoice.type === 'counter' ? words.paid : words.nothingDue);
  }
  const aside = asidePart(sketch, invoice, payUrl);
  const main = mainPart(sketch, invoice, contentWidth - 2 * PAD - (aside.width > 0 ? aside.width + GAP : 0));
  const height = Math.max(main.height, aside.height) + 2 * 14;
  return {
    height: SPACE_BEFORE + height,
    draw: (y) => {
      const top = y + SPACE_BEFORE;
      paper.box(sheet.left, top, contentWidth, height, colours.tint, 4);
      main.draw(top + 14);
      aside.draw(top + 14);
    },
  };
}

/** What becomes of a credit note. */
export function creditPart(sketch: Sketch): Part {
  return sentencePart(sketch, sketch.words.credited);
}

function sentencePart({ paper }: Sketch, text: string): Part {
  const lines = paper.wrap(text, contentWidth, small);
  return {
    height: SPACE_BEFORE + lines.length * lineHeight(small),
    draw: (y) => {
      paper.writeLines(lines, sheet.left, y + SPACE_BEFORE, small);
    },
  };
}

type Line = { text: string; ink: Ink; x: number; y: number; align?: 'right' };

/** Terms, instalments and the account, one under the other in `width`. */
function mainPart(sketch: Sketch, invoice: Invoice, width: number): Part {
  const { paper, company, words } = sketch;
  const placed: Line[] = [];
  let y = 0;
  const paragraph = (text: string, ink: Ink) => {
    for (const line of paper.wrap(text, width, ink)) {
      placed.push({ text: line, ink, x: 0, y });
      y += lineHeight(ink);
    }
  };
  paragraph(words.payment, heading);
  y += 3;
  for (const sentence of sentencesOf(sketch, invoice)) paragraph(sentence, small);
  y += 2;
  const instalments = instalmentRows(sketch, invoice);
  const labels = paper.widest(
    instalments.map(([label]) => label),
    small,
  );
  const amounts = paper.widest(
    instalments.map(([, amount]) => amount),
    strong,
  );
  for (const [label, amount] of instalments) {
    placed.push(
      { text: label, ink: small, x: 0, y },
      { text: amount, ink: strong, x: labels + GAP + amounts, y, align: 'right' },
    );
    y += lineHeight(small) + 1.5;
  }
  y += instalments.length > 0 ? 8 : 6;
  const account: [string, string][] = [
    [words.recipient, company.legalName],
    ['IBAN', groupedIban(company.iban)],
    ['BIC', company.bic],
    [words.bank, company.bankName],
    [words.transferText, remittanceOf(invoice)],
  ];
  const labelWidth = paper.widest(
    account.map(([label]) => label),
    muted,
  );
  for (const [label, value] of account) {
    placed.push({ text: label, ink: muted, x: 0, y });
    for (const line of paper.wrap(value, width - labelWidth - GAP, small)) {
      placed.push({ text: line, ink: small, x: labelWidth + GAP, y });
      y += lineHeight(small);
    }
    y += 1.5;
  }
  return {
    height: y,
    draw: (top) => {
      for (const { text, ink, x, y: down, align } of placed) {
        paper.write(text, sheet.left + PAD + x, top + down, ink, align);
      }
    },
  };
}

function sentencesOf({ words, locale }: Sketch, invoice: Invoice): string[] {
  const { terms, dueOn, issuedOn, instalments, discount, totals, currency } = invoice;
  const quote = words.quoteReference(remittanceOf(invoice));
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const early =
    discount &&
    words.earlyPayment(
      formatRate(discount.percent, locale),
      money(discount.amount),
      longDate(discount.until, locale),
      money(totals.gross - discount.amount),
    );
  const payable = () => {
    if (instalments) return words.termsInstalments(instalments.length);
    if (dueOn === issuedOn) return words.atOnce;
    const due = longDate(dueOn, locale);
    return terms.kind === 'net' && !terms.businessDays
      ? words.terms(terms.days, due)
      : words.termsByDate(due);
  };
  // A list of instalments follows right after the sentence that announces it.
  const sentences = instalments ? [quote, payable()] : [`${payable()} ${quote}`];
  return early === undefined ? sentences : [early, ...sentences];
}

function instalmentRows(
  { words, locale }: Sketch,
  { instalments = [], currency }: Invoice,
): [string, string][] {
  return instalments.map(({ dueOn, amount }, index) => [
    words.instalment(index + 1, instalments.length, longDate(dueOn, locale)),
    formatMoney(amount, currency, locale),
  ]);
}

/** The code and the button, under each other to the right. */
function asidePart(sketch: Sketch, invoice: Invoice, payUrl: string | undefined): Part & { width: number } {
  const { paper, company, words, locale } = sketch;
  const { instalments, totals, currency, number, creditorReference } = invoice;
  const amount = instalments?.[0]?.amount ?? totals.gross;
  const payment = epcPayment(company, { amount, currency, remittance: number, creditorReference });
  const captions =
    payment === undefined
      ? []
      : [words.scanToPay, ...(instalments ? [formatMoney(amount, currency, locale)] : [])];
  const buttonWidth = payUrl === undefined ? 0 : paper.widthOf(words.payOnline, button) + 36;
  const width = Math.max(payment === undefined ? 0 : QR_SIZE, paper.widest(captions, caption), buttonWidth);
  const codeHeight = payment === undefined ? 0 : QR_SIZE + 4 + captions.length * lineHeight(caption);
  const buttonTop = codeHeight > 0 ? codeHeight + 8 : 0;
  return {
    width,
    height: payUrl === undefined ? codeHeight : buttonTop + BUTTON_HEIGHT,
    draw: (top) => {
      const right = sheet.right - PAD;
      const centre = right - width / 2;
      if (payment !== undefined) {
        paper.squares(qrModules(payment), centre - QR_SIZE / 2, top, QR_SIZE);
        captions.forEach((text, index) => {
          const x = centre - paper.widthOf(text, caption) / 2;
          paper.write(text, x, top + QR_SIZE + 4 + index * lineHeight(caption), caption);
        });
      }
      if (payUrl !== undefined)
        drawButton(paper, words.payOnline, payUrl, centre - buttonWidth / 2, top + buttonTop, buttonWidth);
    },
  };
}

function drawButton(paper: Paper, label: string, url: string, x: number, y: number, width: number): void {
  paper.box(x, y, width, BUTTON_HEIGHT, colours.accent, 4);
  paper.write(label, x + 18, y + (BUTTON_HEIGHT - button.size * 1.16) / 2, button);
  paper.link(x, y, width, BUTTON_HEIGHT, url);
}
