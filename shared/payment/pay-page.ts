import { formatMoney } from '../kernel/money.ts';
import { html, page } from './page.ts';

const words = {
  en: {
    title: 'Nothing left to pay',
    thanks: (number: string) => `Invoice ${number} is settled. Thank you!`,
    total: 'Invoice total',
    from: 'From',
    underWayTitle: 'Payment under way',
    underWay: (number: string) =>
      `Your payment of invoice ${number} is on its way. Bank debits take some days.`,
    amount: 'Amount',
    close: 'You can close this page.',
  },
  de: {
    title: 'Nichts mehr zu zahlen',
    thanks: (number: string) => `Die Rechnung ${number} ist beglichen. Vielen Dank!`,
    total: 'Rechnungsbetrag',
    from: 'Von',
    underWayTitle: 'Zahlung unterwegs',
    underWay: (number: string) =>
      `Ihre Zahlung der Rechnung ${number} ist unterwegs. Lastschriften dauern einige Tage.`,
    amount: 'Betrag',
    close: 'Sie können diese Seite schließen.',
  },
} as const;

type Shown = {
  number: string;
  total: number;
  currency: string;
  language: 'en' | 'de';
  payee: string;
};

/** What the payment link shows once nothing is owed. @param total minor units of `currency` */
export function settledPage(invoice: Shown): string {
  const text = words[invoice.language];
  return notice(invoice, text.title, text.thanks(invoice.number), text.total);
}

/** What the payment link shows while money is on its way. @param total of the payment, minor units of `currency` */
export function underWayPage(payment: Shown): string {
  const text = words[payment.language];
  return notice(payment, text.underWayTitle, text.underWay(payment.number), text.amount);
}

function notice({ total, currency, language, payee }: Shown, title: string, said: string, label: string) {
  const text = words[language];
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  return page({
    language,
    title,
    body: html`<main>
<h1>${title}</h1>
<p role="status">${said}</p>
<dl>
<dt>${text.from}</dt><dd>${payee}</dd>
<dt>${label}</dt><dd>${formatMoney(total, currency, locale)}</dd>
</dl>
<p>${text.close}</p>
</main>`,
  });
}
