import type { Company } from '../../company/company.ts';
import { type Addressee, type OrderSummary, orderFacts, voiceFor } from './correspondence.ts';
import { facts, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type OrderCancelled = { company: Company; to: Addressee; order: OrderSummary; reason: string };

/** Tells the customer that its order is cancelled. */
export function orderCancelledMail({ company, to, order, reason }: OrderCancelled): MailContent {
  const voice = voiceFor(company, to);
  const name = order.poNumber ?? order.orderId;
  const words = {
    en: {
      subject: `Order ${name} cancelled`,
      title: 'Your order is cancelled',
      preheader: 'Nothing will be shipped or charged.',
      intro: 'This order is cancelled. Nothing is shipped and nothing is charged.',
      reason: 'Reason',
    },
    de: {
      subject: `Auftrag ${name} storniert`,
      title: 'Ihr Auftrag ist storniert',
      preheader: 'Es wird nichts geliefert und nichts berechnet.',
      intro: 'dieser Auftrag ist storniert. Es wird nichts geliefert und nichts berechnet.',
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
      ...(reason.trim() === '' ? [] : [facts([[words.reason, reason]])]),
      orderFacts(voice, order),
      voice.closing,
    ],
  });
}
