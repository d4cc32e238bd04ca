import type { Company } from '../../company/company.ts';
import type { Currency } from '../../kernel/money.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import type { PaymentMethod } from '../../payment/payment.ts';
import { type Addressee, optionalFact, type Voice, voiceFor } from './correspondence.ts';
import { type Block, facts, paragraph, table } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

/** An invoice that a payment settled. Minor units. */
type PaidInvoice = { number: string; amount: number; discount?: number | undefined };

export type PaymentReceipt = {
  company: Company;
  to: Addressee;
  method: PaymentMethod;
  currency: Currency;
  receivedOn: CalendarDate;
  /** All that came in, and what of it was set against no invoice. Minor units. */
  amount: number;
  unapplied: number;
  invoices: readonly PaidInvoice[];
  reference?: string | undefined;
};

const methods: Readonly<
  Record<'en' | 'de', Readonly<Record<PaymentMethod | 'cheque' | 'sepa_debit' | 'ach_debit', string>>>
> = {
  en: {
    bank_transfer: 'Bank transfer',
    cash: 'Cash',
    card: 'Online',
    cheque: 'Cheque',
    sepa_debit: 'SEPA direct debit',
    ach_debit: 'ACH debit',
  },
  de: {
    bank_transfer: 'Überweisung',
    cash: 'Bar',
    card: 'Online',
    cheque: 'Scheck',
    sepa_debit: 'SEPA-Lastschrift',
    ach_debit: 'ACH-Lastschrift',
  },
};

/** Tells a payer what came in, which invoices it settled, what was taken off and what stays on the account. */
export function paymentReceivedMail(receipt: PaymentReceipt): MailContent {
  const { company, to, method, currency, receivedOn, amount, unapplied, invoices, reference } = receipt;
  const voice = voiceFor(company, to);
  const total = voice.money(amount, currency);
  const words = {
    en: {
      subject: `Payment received: ${total}`,
      title: 'Thank you for your payment',
      intro: `We received ${total} from you.`,
      received: 'Received on',
      amount: 'Amount',
      method: 'Paid by',
      reference: 'Reference',
      left: `${voice.money(unapplied, currency)} of it is not set against an invoice yet: it stays to your credit and is used for your next invoices. Tell us if it was meant otherwise.`,
    },
    de: {
      subject: `Zahlung eingegangen: ${total}`,
      title: 'Vielen Dank für Ihre Zahlung',
      intro: `wir haben Ihre Zahlung über ${total} erhalten.`,
      received: 'Eingegangen am',
      amount: 'Betrag',
      method: 'Zahlungsart',
      reference: 'Referenz',
      left: `${voice.money(unapplied, currency)} davon sind noch keiner Rechnung zugeordnet: Der Betrag bleibt Ihnen gutgeschrieben und wird mit Ihren nächsten Rechnungen verrechnet. Sagen Sie uns bitte, falls er anders gedacht war.`,
    },
  }[to.language];
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: `${total}, ${voice.date(receivedOn)}`,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      facts([
        [words.amount, total],
        [words.received, voice.date(receivedOn)],
        [words.method, methods[to.language][method]],
        ...optionalFact(words.reference, reference),
      ]),
      ...invoiceTable(voice, currency, invoices),
      ...(unapplied > 0 ? [paragraph(words.left)] : []),
      voice.closing,
    ],
  });
}

function invoiceTable(voice: Voice, currency: Currency, invoices: readonly PaidInvoice[]): Block[] {
  if (invoices.length === 0) return [];
  const words = {
    en: { invoice: 'Invoice', paid: 'Paid', discount: 'Discount taken' },
    de: { invoice: 'Rechnung', paid: 'Bezahlt', discount: 'Skonto' },
  }[voice.language];
  const discounted = invoices.some(({ discount = 0 }) => discount > 0);
  const columns = [
    { label: words.invoice },
    { label: words.paid, align: 'right' as const },
    ...(discounted ? [{ label: words.discount, align: 'right' as const }] : []),
  ];
  const rows = invoices.map(({ number, amount, discount = 0 }) => [
    number,
    voice.money(amount, currency),
    ...(discounted ? [discount > 0 ? voice.money(discount, currency) : ''] : []),
  ]);
  return [table(columns, rows)];
}
