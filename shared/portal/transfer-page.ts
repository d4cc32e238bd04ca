import type { Company } from '../company/company.ts';
import { epcPayment, qrModules } from '../document/epc-qr.ts';
import { groupedIban } from '../document/iban.ts';
import { type Language, longDate } from '../document/language.ts';
import { groupedReference } from '../invoice/creditor-reference.ts';
import { formatMoney } from '../kernel/money.ts';
import { type Html, html, joined, page } from '../payment/page.ts';
import type { KeptChoice } from './choice-store.ts';
import type { Payable } from './choose-payment.ts';

export type TransferPage = {
  language: Language;
  locale: string;
  company: Company;
  /** What the payer chose, and the RF reference that stands for it. */
  advice: KeptChoice;
  /** What the customer owes: until when a discount lasts. */
  payables: readonly Payable[];
  /** The portal's own path. */
  path: string;
};

const words = {
  en: {
    title: 'Pay by bank transfer',
    how: 'Transfer this amount with exactly this reference: your payment then settles the invoices below by itself.',
    amount: 'Amount',
    recipient: 'Account name',
    bank: 'Bank',
    reference: 'Reference',
    invoices: 'Invoices',
    less: (discount: string, until: string) => `, ${discount} taken off if it arrives by ${until}`,
    scan: 'Scan with your banking app',
    code: 'Code for banking apps with account, amount and reference',
    back: 'Choose otherwise',
  },
  de: {
    title: 'Per Überweisung bezahlen',
    how: 'Überweisen Sie diesen Betrag mit genau diesem Verwendungszweck: Ihre Zahlung wird dann den folgenden Rechnungen von selbst zugeordnet.',
    amount: 'Betrag',
    recipient: 'Empfänger',
    bank: 'Bank',
    reference: 'Verwendungszweck',
    invoices: 'Rechnungen',
    less: (discount: string, until: string) => `, ${discount} Skonto abgezogen bei Eingang bis ${until}`,
    scan: 'Mit Ihrer Banking-App scannen',
    code: 'Code für Banking-Apps mit Konto, Betrag und Verwendungszweck',
    back: 'Anders wählen',
  },
} as const;

/** Account, amount and reference of a transfer, and the code that fills them in where there can be one. */
export function transferPage({ language, locale, company, advice, payables, path }: TransferPage): string {
  const text = words[language];
  const { currency, total, invoices, paymentReference } = advice;
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const payment = epcPayment(company, {
    amount: total,
    currency,
    remittance: paymentReference,
    creditorReference: paymentReference,
  });
  const rows = invoices.map(({ invoiceId, number, amount, discount }) => {
    const until = payables.find(({ item }) => item.invoiceId === invoiceId)?.item.discount?.until;
    const less = discount && until ? text.less(money(discount), longDate(until, locale)) : '';
    return html`<li>${number}: ${money(amount)}${less}</li>`;
  });
  return page({
    language,
    title: `${text.title} – ${company.tradingName ?? company.legalName}`,
    body: html`<main class="wide">
<h1>${text.title}</h1>
<p>${text.how}</p>
<dl>
<dt>${text.amount}</dt><dd class="amount">${money(total)}</dd>
<dt>${text.reference}</dt><dd><strong>${groupedReference(paymentReference)}</strong></dd>
<dt>${text.recipient}</dt><dd>${company.legalName}</dd>
<dt>IBAN</dt><dd>${groupedIban(company.iban)}</dd>
<dt>BIC</dt><dd>${company.bic}</dd>
<dt>${text.bank}</dt><dd>${company.bankName}</dd>
</dl>
${payment === undefined ? '' : html`<figure>${codeOf(payment, text.code)}<figcaption>${text.scan}</figcaption></figure>`}
<h2>${text.invoices}</h2>
<ul>${joined(rows)}</ul>
<a class="button" href="${path}">${text.back}</a>
</main>`,
  });
}

/** A margin of four modules around the code, as the standard asks for (ISO/IEC 18004, 9.1). */
const MARGIN = 4;

/** The code as a drawing of one path, dark on white in either colour scheme. */
function codeOf(payment: string, label: string): Html {
  const rows = qrModules(payment);
  const size = String(rows.length + 2 * MARGIN);
  const dark = rows.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x + MARGIN} ${y + MARGIN}h1v1h-1z`] : [])),
  );
  return html`<svg class="code" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${dark.join('')}" fill="#000"/></svg>`;
}
