import { type Language, longDate } from '../document/language.ts';
import { overdueOn } from '../invoice/instalments.ts';
import { daysBetween } from '../kernel/days.ts';
import { formatMoney } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { type Html, html, joined, page } from '../payment/page.ts';
import { MAX_CHOSEN, type Payable } from './choose-payment.ts';

export type PortalPage = {
  language: Language;
  locale: string;
  /** Who is paid, and who pays. */
  payee: string;
  customer: string;
  /** The portal's own path, which the PDF of each invoice lies under. */
  path: string;
  today: CalendarDate;
  payables: readonly Payable[];
  /** What kept the form from being taken. */
  fault?: 'nothing' | 'too_many' | undefined;
};

const words = {
  en: {
    title: 'Your open invoices',
    from: (payee: string, customer: string) => `From ${payee} to ${customer}`,
    none: 'Nothing is open. Thank you!',
    choose: 'Which invoices do you want to pay?',
    invoice: (number: string) => `Invoice ${number}`,
    issued: (date: string) => `issued ${date}`,
    due: (date: string) => `due ${date}`,
    overdue: (days: number) => (days === 1 ? '1 day overdue' : `${days} days overdue`),
    open: (balance: string) => `${balance} open`,
    instalment: 'instalment due now',
    discount: (amount: string, until: string) => `${amount} taken off for paying by ${until}`,
    disputed: 'disputed',
    pdf: (number: string) => `PDF of invoice ${number}`,
    total: (total: string) => `All of them together: ${total}`,
    transfer: 'Pay by bank transfer',
    online: 'Pay online',
    nothing: 'Choose at least one invoice. What you chose before may have been paid meanwhile.',
    too_many: `Choose at most ${MAX_CHOSEN} invoices at once, and pay the others after that.`,
  },
  de: {
    title: 'Ihre offenen Rechnungen',
    from: (payee: string, customer: string) => `Von ${payee} an ${customer}`,
    none: 'Es ist nichts offen. Vielen Dank!',
    choose: 'Welche Rechnungen möchten Sie bezahlen?',
    invoice: (number: string) => `Rechnung ${number}`,
    issued: (date: string) => `vom ${date}`,
    due: (date: string) => `fällig am ${date}`,
    overdue: (days: number) => (days === 1 ? 'seit 1 Tag überfällig' : `seit ${days} Tagen überfällig`),
    open: (balance: string) => `${balance} offen`,
    instalment: 'jetzt fällige Rate',
    discount: (amount: string, until: string) => `${amount} Skonto bei Zahlung bis ${until} abgezogen`,
    disputed: 'beanstandet',
    pdf: (number: string) => `PDF der Rechnung ${number}`,
    total: (total: string) => `Alle zusammen: ${total}`,
    transfer: 'Per Überweisung bezahlen',
    online: 'Online bezahlen',
    nothing:
      'Bitte wählen Sie mindestens eine Rechnung. Was Sie zuvor gewählt hatten, wurde vielleicht inzwischen bezahlt.',
    too_many: `Bitte wählen Sie höchstens ${MAX_CHOSEN} Rechnungen auf einmal und bezahlen Sie die übrigen danach.`,
  },
} as const;

/**
 * What a customer owes, to choose from: all is chosen at first but what is disputed, and no more than one payment takes.
 * It works without scripts, by keyboard and with a screen reader: each box has a label of its own and is described by
 * the invoice's dates.
 */
export function portalPage(portal: PortalPage): string {
  const { language, locale, payee, customer, payables, fault } = portal;
  const text = words[language];
  const [first] = payables;
  const total = payables.reduce((sum, { amount }) => sum + amount, 0);
  const currency = first?.item.currency ?? 'EUR';
  const form = html`<form method="post">
<fieldset${fault ? html` aria-describedby="fault"` : ''}>
<legend>${text.choose}</legend>
<ul class="choices">
${joined(payables.map((payable, index) => invoiceChoice(portal, payable, index)))}
</ul>
</fieldset>
<p><strong>${text.total(formatMoney(total, currency, locale))}</strong></p>
<button class="primary" name="by" value="transfer">${text.transfer}</button>
<button name="by" value="online">${text.online}</button>
</form>`;
  return page({
    language,
    title: `${text.title} – ${payee}`,
    body: html`<main class="wide">
<h1>${text.title}</h1>
<p>${text.from(payee, customer)}</p>
${fault ? html`<p id="fault" class="fault" role="alert">${text[fault]}</p>` : ''}
${first ? form : html`<p role="status">${text.none}</p>`}
</main>`,
  });
}

function invoiceChoice(
  { language, locale, path, today }: PortalPage,
  { item, amount, discount }: Payable,
  index: number,
): Html {
  const text = words[language];
  const { invoiceId, number, currency, issuedOn, dueOn, balance, status, instalments } = item;
  const money = (value: number) => formatMoney(value, currency, locale);
  const date = (day: CalendarDate) => longDate(day, locale);
  const isOverdue = overdueOn(item, today) > 0;
  const facts = [
    text.issued(date(issuedOn)),
    text.due(date(dueOn)),
    ...(amount + discount === balance && discount === 0 ? [] : [text.open(money(balance))]),
    ...(instalments && amount < balance ? [text.instalment] : []),
    ...(discount > 0 && item.discount ? [text.discount(money(discount), date(item.discount.until))] : []),
    ...(status === 'disputed' ? [text.disputed] : []),
  ];
  const checked = status !== 'disputed' && index < MAX_CHOSEN ? html` checked` : '';
  return html`<li>
<input type="checkbox" id="i${String(index)}" name="${invoiceId}" value="on" aria-describedby="d${String(index)}"${checked}>
<div>
<label for="i${String(index)}"><span>${text.invoice(number)}</span> <span class="sum">${money(amount)}</span></label>
<p id="d${String(index)}">${facts.join(' · ')}${isOverdue ? html` · <strong class="overdue">${text.overdue(daysBetween(dueOn, today))}</strong>` : ''}</p>
<a href="${path}/invoices/${invoiceId}">${text.pdf(number)}</a>
</div>
</li>
`;
}
