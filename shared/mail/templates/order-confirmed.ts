import type { Company } from '../../company/company.ts';
import type { OrderLine } from '../../order/order.ts';
import { type Addressee, linesTable, type OrderSummary, orderFacts, voiceFor } from './correspondence.ts';
import { heading, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type OrderConfirmed = {
  company: Company;
  to: Addressee;
  order: OrderSummary;
  /** The order's lines, where the mail is to list them. */
  lines?: readonly OrderLine[] | undefined;
};

/** Tells the customer that its order is accepted. */
export function orderConfirmedMail({ company, to, order, lines = [] }: OrderConfirmed): MailContent {
  const voice = voiceFor(company, to);
  const total = voice.money(order.totals.gross, order.currency);
  const name = order.poNumber ?? order.orderId;
  const words = {
    en: {
      subject: `Order ${name} confirmed`,
      title: 'Your order is confirmed',
      preheader: `${total}. We tell you as soon as it ships.`,
      intro:
        'Thank you for your order. It is confirmed, the goods are reserved for you, and we will tell you as soon as they ship.',
      lines: 'What you ordered',
    },
    de: {
      subject: `Auftrag ${name} bestätigt`,
      title: 'Ihr Auftrag ist bestätigt',
      preheader: `${total}. Wir melden uns, sobald die Ware unterwegs ist.`,
      intro:
        'vielen Dank für Ihre Bestellung. Ihr Auftrag ist bestätigt, die Ware ist für Sie reserviert, und wir melden uns, sobald sie unterwegs ist.',
      lines: 'Ihre Bestellung',
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
      orderFacts(voice, order),
      ...(lines.length > 0 ? [heading(words.lines)] : []),
      ...linesTable(voice, order.currency, lines),
      voice.closing,
    ],
  });
}
