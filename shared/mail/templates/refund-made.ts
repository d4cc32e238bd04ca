import type { Company } from '../../company/company.ts';
import type { Currency } from '../../kernel/money.ts';
import type { PaymentMethod } from '../../payment/payment.ts';
import { type Addressee, optionalFact, voiceFor } from './correspondence.ts';
import { facts, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type RefundMade = {
  company: Company;
  to: Addressee;
  method: PaymentMethod;
  currency: Currency;
  /** Minor units. */
  amount: number;
  /** What its transfer, or the statement of the card, names. */
  reference?: string | undefined;
  /** Masked: where it goes by transfer. */
  account?: string | undefined;
};

const ways: Readonly<Record<'en' | 'de', Readonly<Record<PaymentMethod, string>>>> = {
  en: {
    bank_transfer: 'by bank transfer',
    cash: 'in cash',
    card: 'the way you paid online',
    cheque: 'by cheque',
    sepa_debit: 'to the account that was debited',
    ach_debit: 'to the account that was debited',
  },
  de: {
    bank_transfer: 'per Überweisung',
    cash: 'bar',
    card: 'auf dem Weg Ihrer Onlinezahlung',
    cheque: 'per Scheck',
    sepa_debit: 'auf das belastete Konto',
    ach_debit: 'auf das belastete Konto',
  },
};

/** Tells a customer that money comes back, how much and which way. */
export function refundMadeMail(refund: RefundMade): MailContent {
  const { company, to, method, currency, amount, reference, account } = refund;
  const voice = voiceFor(company, to);
  const total = voice.money(amount, currency);
  const words = {
    en: {
      subject: `Refund of ${total}`,
      title: 'Your refund is on its way',
      intro: `We are giving ${total} back to you. It may take a few bank days to reach you.`,
      amount: 'Amount',
      way: 'How',
      account: 'To account',
      reference: 'Reference',
    },
    de: {
      subject: `Erstattung über ${total}`,
      title: 'Ihre Erstattung ist unterwegs',
      intro: `wir erstatten Ihnen ${total}. Bis das Geld bei Ihnen ist, können einige Bankarbeitstage vergehen.`,
      amount: 'Betrag',
      way: 'Weg',
      account: 'Auf Konto',
      reference: 'Referenz',
    },
  }[to.language];
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: `${total}, ${ways[to.language][method]}`,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      facts([
        [words.amount, total],
        [words.way, ways[to.language][method]],
        ...optionalFact(words.account, account),
        ...optionalFact(words.reference, reference),
      ]),
      voice.closing,
    ],
  });
}
