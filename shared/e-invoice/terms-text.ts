import type { CreditNote, Invoice } from '../invoice/invoice.ts';
import { formatMoney } from '../kernel/money.ts';
import { decimalRate } from './decimals.ts';

const words = {
  en: {
    due: (date: string) => `Due ${date}.`,
    instalment: (date: string, amount: string) => `${amount} due ${date}.`,
    discount: (percent: string, amount: string, date: string) =>
      `${percent} % discount (${amount}) when paid in full by ${date}.`,
    paid: 'Paid on handover.',
    credited: 'Set against open invoices, or paid out on request.',
  },
  de: {
    due: (date: string) => `Fällig am ${date}.`,
    instalment: (date: string, amount: string) => `${amount} fällig am ${date}.`,
    discount: (percent: string, amount: string, date: string) =>
      `${percent} % Skonto (${amount}) bei vollständiger Zahlung bis ${date}.`,
    paid: 'Bezahlt bei Übergabe.',
    credited: 'Wird mit offenen Rechnungen verrechnet oder auf Wunsch ausgezahlt.',
  },
} as const;

const locales = { en: 'en-GB', de: 'de-DE' } as const;
const DAY = 86_400_000;

/**
 * The payment terms in words (BT-20).
 * @param structuredDiscount writes the early-payment discount as XRechnung wants it (BR-DE-18) besides
 */
export function termsText(document: Invoice | CreditNote, structuredDiscount: boolean): string {
  const { language } = document.buyer;
  const say = words[language];
  if (document.kind === 'credit_note') return say.credited;
  if (document.type === 'counter') return say.paid;
  const money = (amount: number) => formatMoney(amount, document.currency, locales[language]);
  const due = document.instalments?.map(({ dueOn, amount }) => say.instalment(dueOn, money(amount))) ?? [
    say.due(document.dueOn),
  ];
  const { discount } = document;
  if (!discount) return due.join(' ');
  const percent = decimalRate(discount.percent);
  const skonto = structuredDiscount ? skontoLine(document.issuedOn, discount) : undefined;
  const text = [...due, say.discount(percent, money(discount.amount), discount.until)].join(' ');
  return skonto === undefined ? text : `${text}\n${skonto}\n`;
}

/** Two digits after the point, no more: a finer percentage stays in words. */
function skontoLine(issuedOn: string, { percent, until }: { percent: string; until: string }) {
  const [whole = '0', fraction = ''] = decimalRate(percent).split('.');
  if (fraction.length > 2) return undefined;
  const days = Math.round((Date.parse(until) - Date.parse(issuedOn)) / DAY);
  return days < 0 ? undefined : `#SKONTO#TAGE=${days}#PROZENT=${whole}.${fraction.padEnd(2, '0')}#`;
}
