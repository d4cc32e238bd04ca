import { formatMoney } from '../kernel/money.ts';
import { html, page } from './page.ts';

const words = {
  en: {
    title: 'Nothing left to pay',
    thanks: (number: string) => `Invoice ${number} is settled. Thank you!`,
    total: 'Invoice total',
    from: 'From',
    close: 'You can close this page.',
  },
  de: {
    title: 'Nichts mehr zu zahlen',
    thanks: (number: string) => `Die Rechnung ${number} ist beglichen. Vielen Dank!`,
    total: 'Rechnungsbetrag',
    from: 'Von',
    close: 'Sie können diese Seite schließen.',
  },
} as const;

/** What the payment link shows once nothing is owed. @param total minor units of `currency` */
export function settledPage(invoice: {
  number: string;
  total: number;
  currency: string;
  language: 'en' | 'de';
  payee: string;
}): string {
  const { number, total, currency, language, payee } = invoice;
  const text = words[language];
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  return page({
    language,
    title: text.title,
    body: html`<main>
<h1>${text.title}</h1>
<p role="status">${text.thanks(number)}</p>
<dl>
<dt>${text.from}</dt><dd>${payee}</dd>
<dt>${text.total}</dt><dd>${formatMoney(total, currency, locale)}</dd>
</dl>
<p>${text.close}</p>
</main>`,
  });
}
