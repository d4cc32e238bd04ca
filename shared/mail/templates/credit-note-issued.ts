import type { Company } from '../../company/company.ts';
import type { CreditNote } from '../../invoice/invoice.ts';
import { optionalFact, voiceFor } from './correspondence.ts';
import { facts, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type CreditNoteIssued = { company: Company; creditNote: CreditNote };

/** Sends the customer its credit note; the PDF goes with it. */
export function creditNoteIssuedMail({ company, creditNote }: CreditNoteIssued): MailContent {
  const to = creditNote.buyer;
  const voice = voiceFor(company, to);
  const total = voice.money(creditNote.totals.gross, creditNote.currency);
  const words = {
    en: {
      subject: `Credit note ${creditNote.number} from ${voice.brand}`,
      title: `Credit note ${creditNote.number}`,
      preheader: `${total} in your favour`,
      intro: `Attached you find our credit note over ${total}. The amount stands to your credit and is set against your open invoices.`,
      total: 'Credit',
      corrects: 'Corrects invoice',
      reason: 'Reason',
    },
    de: {
      subject: `Rechnungskorrektur ${creditNote.number} von ${voice.brand}`,
      title: `Rechnungskorrektur ${creditNote.number}`,
      preheader: `${total} zu Ihren Gunsten`,
      intro: `im Anhang finden Sie unsere Rechnungskorrektur über ${total}. Der Betrag wird Ihrem Kundenkonto gutgeschrieben und mit offenen Rechnungen verrechnet.`,
      total: 'Betrag',
      corrects: 'Zu Rechnung',
      reason: 'Grund',
    },
  }[to.language];
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.preheader,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      facts([
        [words.total, total],
        ...optionalFact(words.corrects, creditNote.corrects?.number),
        ...optionalFact(words.reason, creditNote.reason.trim() === '' ? undefined : creditNote.reason),
      ]),
      voice.closing,
    ],
  });
}
