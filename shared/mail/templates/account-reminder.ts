import type { Company } from '../../company/company.ts';
import type { Language } from '../../document/language.ts';
import { daysBetween } from '../../kernel/days.ts';
import type { CustomerId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import { type Addressee, portalButton, type Voice, voiceFor } from './correspondence.ts';
import { bankDetails } from './invoice-issued.ts';
import { button, facts, paragraph, table } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

/** An invoice past its due date. `balance`: what is still owed on it, in minor units. */
type ReminderInvoice = {
  number: string;
  dueOn: CalendarDate;
  balance: number;
  payUrl?: string | undefined;
};

export type AccountReminder = {
  company: Company;
  to: Addressee;
  customerId: CustomerId;
  /** The day of the reminder: days overdue count up to it. */
  on: CalendarDate;
  /** The step of the dunning policy, counted from 1, and its name there. */
  step: { number: number; name: string };
  currency: Currency;
  invoices: readonly ReminderInvoice[];
  /** Where all open invoices are seen and paid. */
  portalUrl?: string | undefined;
};

/** Reminds a customer of overdue invoices: kindly first, then firmly, then for the last time. */
export function accountReminderMail({
  company,
  to,
  customerId,
  on,
  step,
  currency,
  invoices,
  portalUrl,
}: AccountReminder): MailContent {
  const voice = voiceFor(company, to);
  const sum = invoices.reduce((total, { balance }) => total + balance, 0);
  const total = voice.money(sum, currency);
  const words = wordsFor(to.language, step.number, total, invoices, voice);
  const [only, ...others] = invoices;
  const single = others.length === 0 ? only : undefined;
  const rows = invoices.map(({ number, dueOn, balance, payUrl }) => [
    number,
    voice.date(dueOn),
    words.days(daysBetween(dueOn, on)),
    voice.money(balance, currency),
    ...(single === undefined ? [payUrl === undefined ? '' : { text: words.pay, href: payUrl }] : []),
  ]);
  const columns = [
    { label: words.invoice },
    { label: words.due },
    { label: words.overdue, align: 'right' as const },
    { label: words.balance, align: 'right' as const },
    ...(single === undefined ? [{ label: '', align: 'right' as const }] : []),
  ];
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.preheader,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      table(columns, rows, [words.total, '', '', total, ...(single === undefined ? [''] : [])]),
      ...(single?.payUrl === undefined ? [] : [button(words.payNow, single.payUrl)]),
      ...portalButton(voice, portalUrl),
      paragraph(words.ask),
      ...bankDetails(voice, single?.number ?? customerId),
      facts([
        [words.customer, customerId],
        [words.reminder, stepText(company, to, step)],
      ]),
      voice.closing,
    ],
  });
}

/** The step's number, and its name where the company, who named it, speaks the reader's language. */
function stepText(company: Company, to: Addressee, step: AccountReminder['step']): string {
  const understood = new Intl.Locale(company.locale).language === to.language;
  return understood ? `${step.number} · ${step.name}` : String(step.number);
}

type Words = {
  subject: string;
  title: string;
  preheader: string;
  intro: string;
  ask: string;
  invoice: string;
  due: string;
  overdue: string;
  balance: string;
  total: string;
  pay: string;
  payNow: string;
  customer: string;
  reminder: string;
  days: (days: number) => string;
};

function wordsFor(
  language: Language,
  step: number,
  total: string,
  invoices: readonly ReminderInvoice[],
  voice: Voice,
): Words {
  const [first, ...others] = invoices;
  const one = others.length === 0 && first !== undefined;
  switch (language) {
    case 'en': {
      const which = one ? `invoice ${first.number}` : `${voice.count(invoices.length)} invoices`;
      const is = one ? 'is' : 'are';
      return {
        ...english(step, which, is, total),
        preheader: `${total} is past due.`,
        invoice: 'Invoice',
        due: 'Due',
        overdue: 'Overdue',
        balance: 'Open',
        total: 'Total',
        pay: 'Pay',
        payNow: 'Pay now',
        customer: 'Customer no.',
        reminder: 'Reminder',
        days: (days) => (days === 1 ? '1 day' : `${voice.count(days)} days`),
      };
    }
    case 'de': {
      const which = one ? `Rechnung ${first.number}` : `${voice.count(invoices.length)} Rechnungen`;
      return {
        ...german(step, which, one, total),
        preheader: `${total} sind überfällig.`,
        invoice: 'Rechnung',
        due: 'Fällig am',
        overdue: 'Überfällig',
        balance: 'Offen',
        total: 'Summe',
        pay: 'Bezahlen',
        payNow: 'Jetzt bezahlen',
        customer: 'Kundennummer',
        reminder: 'Mahnstufe',
        days: (days) => (days === 1 ? '1 Tag' : `${voice.count(days)} Tage`),
      };
    }
    default:
      return language satisfies never;
  }
}

type Tone = Pick<Words, 'subject' | 'title' | 'intro' | 'ask'>;

function english(step: number, which: string, is: string, total: string): Tone {
  if (step === 1) {
    return {
      subject: `Reminder: ${which} ${is} overdue`,
      title: 'A friendly reminder',
      intro: `It may have slipped your attention: ${which} ${is} past due. ${total} is open. If you have paid in the last days, thank you, and please disregard this mail.`,
      ask: 'Otherwise we would be glad to receive your payment in the next days. If something is wrong with an invoice, please tell us.',
    };
  }
  if (step === 2) {
    return {
      subject: `Second reminder: ${which} ${is} overdue`,
      title: 'Second reminder',
      intro: `We wrote to you before, and ${which} ${is} still unpaid. ${total} is open.`,
      ask: 'Please pay now. If there is a reason why you have not paid, please answer this mail today, so that we can settle it together.',
    };
  }
  return {
    subject: `Final reminder: ${which} ${is} overdue`,
    title: 'Final reminder',
    intro: `Despite our earlier reminders ${which} ${is} unpaid. ${total} is open.`,
    ask: 'Please pay at once. Otherwise we may stop further deliveries, charge statutory interest and costs for late payment, and pass the claim on for collection.',
  };
}

function german(step: number, which: string, one: boolean, total: string): Tone {
  const is = one ? 'ist' : 'sind';
  if (step === 1) {
    return {
      subject: `Zahlungserinnerung: ${which} ${is} überfällig`,
      title: 'Zahlungserinnerung',
      intro: `sicher ist es Ihrer Aufmerksamkeit entgangen: ${which} ${is} überfällig. Offen sind ${total}. Falls Sie in den letzten Tagen bezahlt haben, vielen Dank – dann betrachten Sie diese E-Mail bitte als gegenstandslos.`,
      ask: 'Andernfalls freuen wir uns über Ihre Zahlung in den nächsten Tagen. Wenn mit einer Rechnung etwas nicht stimmt, sagen Sie es uns bitte.',
    };
  }
  if (step === 2) {
    return {
      subject: `Mahnung: ${which} ${is} überfällig`,
      title: 'Mahnung',
      intro: `wir haben Sie bereits erinnert, und noch immer ${is} ${which} unbezahlt. Offen sind ${total}.`,
      ask: 'Bitte zahlen Sie jetzt. Wenn es einen Grund gibt, warum Sie nicht gezahlt haben, antworten Sie bitte noch heute auf diese E-Mail, damit wir eine Lösung finden.',
    };
  }
  return {
    subject: `Letzte Mahnung: ${which} ${is} überfällig`,
    title: 'Letzte Mahnung',
    intro: `trotz unserer Mahnungen ${is} ${which} unbezahlt. Offen sind ${total}.`,
    ask: 'Bitte zahlen Sie unverzüglich. Andernfalls können wir weitere Lieferungen einstellen, gesetzliche Verzugszinsen und Kosten berechnen und die Forderung zum Einzug abgeben.',
  };
}
