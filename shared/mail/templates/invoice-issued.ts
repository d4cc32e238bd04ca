import type { Company } from '../../company/company.ts';
import { groupedIban } from '../../document/iban.ts';
import { type Invoice, poNumbersOf, remittanceOf } from '../../invoice/invoice.ts';
import { optionalFact, type Voice, voiceFor } from './correspondence.ts';
import { type Block, button, facts, heading, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type InvoiceIssued = {
  company: Company;
  invoice: Invoice;
  /** Where it is paid online; left out, the mail only names the bank account. */
  payUrl?: string | undefined;
};

/** Sends the customer its invoice; the PDF goes with it. */
export function invoiceIssuedMail({ company, invoice, payUrl }: InvoiceIssued): MailContent {
  const to = invoice.buyer;
  const voice = voiceFor(company, to);
  const total = voice.money(invoice.totals.gross, invoice.currency);
  const due = voice.date(invoice.dueOn);
  const words = {
    en: {
      subject: `Invoice ${invoice.number} from ${voice.brand}`,
      title: `Invoice ${invoice.number}`,
      preheader: `${total}, due ${due}`,
      intro: `Attached you find our invoice over ${total}, due by ${due}. Thank you for your business.`,
      pay: 'Pay now',
      total: 'Amount due',
      due: 'Due by',
      supplied: 'Date of supply',
      order: 'Order',
      reference: 'Your reference',
    },
    de: {
      subject: `Rechnung ${invoice.number} von ${voice.brand}`,
      title: `Rechnung ${invoice.number}`,
      preheader: `${total}, fällig am ${due}`,
      intro: `im Anhang finden Sie unsere Rechnung über ${total}, fällig am ${due}. Vielen Dank für Ihren Auftrag.`,
      pay: 'Jetzt bezahlen',
      total: 'Rechnungsbetrag',
      due: 'Fällig am',
      supplied: 'Leistungsdatum',
      order: 'Auftrag',
      reference: 'Ihre Bestellung',
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
        [words.due, due],
        [words.supplied, voice.date(invoice.suppliedOn)],
        [words.order, invoice.orders.map(({ orderId }) => orderId).join(', ')],
        ...optionalFact(words.reference, poNumbersOf(invoice)),
      ]),
      ...(payUrl === undefined ? [] : [button(words.pay, payUrl)]),
      ...bankDetails(voice, remittanceOf(invoice)),
      voice.closing,
    ],
  });
}

/** Where a bank transfer goes, and what it should say. */
export function bankDetails(voice: Voice, reference: string): Block[] {
  const { company } = voice;
  const words = {
    en: { title: 'By bank transfer', recipient: 'Account name', bank: 'Bank', reference: 'Reference' },
    de: { title: 'Per Überweisung', recipient: 'Empfänger', bank: 'Bank', reference: 'Verwendungszweck' },
  }[voice.language];
  return [
    heading(words.title),
    facts([
      [words.recipient, company.legalName],
      ['IBAN', groupedIban(company.iban)],
      ['BIC', company.bic],
      [words.bank, company.bankName],
      [words.reference, reference],
    ]),
  ];
}
