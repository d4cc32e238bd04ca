import type { Company } from '../../company/company.ts';
import type { Reason } from '../../order/order.ts';
import { type Addressee, type OrderSummary, orderFacts, voiceFor } from './correspondence.ts';
import { paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';
import { reasonTexts } from './reasons.ts';

export type OrderHeld = { company: Company; to: Addressee; order: OrderSummary; reasons: readonly Reason[] };

/** Tells the customer that its order waits for a decision, and why. */
export function orderHeldMail({ company, to, order, reasons }: OrderHeld): MailContent {
  const voice = voiceFor(company, to);
  const name = order.poNumber ?? order.orderId;
  const words = {
    en: {
      subject: `Order ${name} is being reviewed`,
      title: 'We are reviewing your order',
      preheader: 'You need not do anything now.',
      intro: 'Thank you for your order. It is not confirmed yet:',
      next: 'Our credit team decides on it as soon as possible, and you will hear from us either way.',
    },
    de: {
      subject: `Auftrag ${name} wird geprüft`,
      title: 'Wir prüfen Ihren Auftrag',
      preheader: 'Sie müssen im Augenblick nichts tun.',
      intro: 'vielen Dank für Ihre Bestellung. Sie ist noch nicht bestätigt:',
      next: 'Wir entscheiden so bald wie möglich und melden uns in jedem Fall bei Ihnen.',
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
      paragraph([words.intro, ...reasonTexts(reasons, to.language)].join(' ')),
      paragraph(words.next),
      orderFacts(voice, order),
      voice.closing,
    ],
  });
}
