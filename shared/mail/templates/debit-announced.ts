import type { Company } from '../../company/company.ts';
import type { FactData } from '../../fact/fact.ts';
import { type Addressee, voiceFor } from './correspondence.ts';
import { facts, paragraph, table } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type DebitAnnounced = {
  company: Company;
  to: Addressee;
  debit: FactData<'direct_debit.announced'>;
};

/** Tells a customer what will be debited, when, and by which mandate: the pre-notification that EPC016-06 asks for. */
export function debitAnnouncedMail({ company, to, debit }: DebitAnnounced): MailContent {
  const { currency, invoices } = debit;
  const voice = voiceFor(company, to);
  const total = voice.money(debit.amount, currency);
  const day = voice.date(debit.collectOn);
  const words = {
    en: {
      subject: `We will debit ${total} on ${day}`,
      title: 'Notice of a direct debit',
      intro: `On ${day} we will debit ${total} from your account ${debit.account}. There is nothing for you to do; please see that the account is covered.`,
      invoice: 'Invoice',
      amount: 'Amount',
      total: 'Total',
      mandate: 'Mandate reference',
      creditor: 'Creditor identifier',
    },
    de: {
      subject: `Wir ziehen am ${day} ${total} ein`,
      title: 'Ankündigung einer Lastschrift',
      intro: `am ${day} ziehen wir ${total} von Ihrem Konto ${debit.account} ein. Sie brauchen nichts zu tun; bitte sorgen Sie für Deckung.`,
      invoice: 'Rechnung',
      amount: 'Betrag',
      total: 'Summe',
      mandate: 'Mandatsreferenz',
      creditor: 'Gläubiger-Identifikationsnummer',
    },
  }[to.language];
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.intro,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      table(
        [{ label: words.invoice }, { label: words.amount, align: 'right' }],
        invoices.map(({ number, amount }) => [number, voice.money(amount, currency)]),
        [words.total, total],
      ),
      facts([
        [words.mandate, debit.mandateId],
        [words.creditor, debit.creditorId],
      ]),
      voice.closing,
    ],
  });
}
