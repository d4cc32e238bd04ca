import type { Company } from '../../company/company.ts';
import { statementWords } from '../../document/statement-words.ts';
import { formatAmount } from '../../kernel/money.ts';
import { ageBuckets } from '../../report/morning-report.ts';
import type { OpenItemStatement, PeriodStatement } from '../../statement/statement.ts';
import { type Addressee, portalButton, voiceFor } from './correspondence.ts';
import { bankDetails } from './invoice-issued.ts';
import { type Block, facts, heading, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type AccountStatement = {
  company: Company;
  to: Addressee;
  period: PeriodStatement;
  /** What is open on the day it is written. */
  open: OpenItemStatement;
  /** Where all open invoices are seen and paid. */
  portalUrl?: string | undefined;
};

/** Sends the customer the statement of a month; the PDFs go with it. */
export function accountStatementMail({
  company,
  to,
  period,
  open,
  portalUrl,
}: AccountStatement): MailContent {
  const voice = voiceFor(company, to);
  const { currency } = period;
  const money = (amount: number) => voice.money(amount, currency);
  const month = new Intl.DateTimeFormat(voice.locale, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(period.from));
  const due = open.total < 0 ? -open.total : open.total;
  const pdf = statementWords[to.language];
  const words = {
    en: {
      subject: `Statement of account for ${month} from ${voice.brand}`,
      title: `Statement of account, ${month}`,
      intro: `Attached you find the statement of your account for ${month}${open.items.length > 0 ? ' and the list of what is open today' : ''}.`,
      balance: open.total < 0 ? 'In your favour' : 'Total due',
      opening: `Balance on ${voice.date(period.from)}`,
      closing: `Balance on ${voice.date(period.to)}`,
      overdue: 'Of that overdue',
      reference: `customer ${period.customerId} and the numbers of the invoices`,
    },
    de: {
      subject: `Kontoauszug ${month} von ${voice.brand}`,
      title: `Kontoauszug ${month}`,
      intro: `im Anhang finden Sie den Auszug Ihres Kundenkontos für ${month}${open.items.length > 0 ? ' und die Liste der heute offenen Posten' : ''}.`,
      balance: open.total < 0 ? 'Zu Ihren Gunsten' : 'Gesamt offen',
      opening: `Saldo am ${voice.date(period.from)}`,
      closing: `Saldo am ${voice.date(period.to)}`,
      overdue: 'Davon überfällig',
      reference: `Kundennummer ${period.customerId} und die Rechnungsnummern`,
    },
  }[to.language];
  const overdue = open.invoiced - open.ageing.not_due;
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: `${words.balance}: ${money(due)}`,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      facts([
        [words.opening, money(period.opening)],
        [words.closing, money(period.closing)],
        [`${words.balance}, ${voice.date(open.on)}`, money(due)],
        ...(overdue > 0 ? [[words.overdue, money(overdue)] as const] : []),
      ]),
      ...ageingBlocks(open, pdf.ageing, pdf.ages, voice),
      ...(open.invoiced > 0 ? portalButton(voice, portalUrl) : []),
      ...(open.total > 0 ? bankDetails(voice, words.reference) : []),
      voice.closing,
    ],
  });
}

function ageingBlocks(
  { ageing, invoiced, currency }: OpenItemStatement,
  title: string,
  ages: (typeof statementWords)['en']['ages'],
  { locale }: { locale: string },
): Block[] {
  if (invoiced === 0) return [];
  const rows = ageBuckets.map((bucket) => ({
    label: ages[bucket],
    share: ageing[bucket] / invoiced,
    detail: '',
    value: formatAmount(ageing[bucket], currency, locale),
    warn: bucket !== 'not_due',
  }));
  return [heading(title), { kind: 'bars', columns: ['', '', currency], rows }];
}
