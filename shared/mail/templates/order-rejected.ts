import type { Company } from '../../company/company.ts';
import type { Reason } from '../../order/order.ts';
import { type Addressee, type OrderSummary, orderFacts, voiceFor } from './correspondence.ts';
import { paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';
import { reasonTexts } from './reasons.ts';

export type OrderRejected = {
  company: Company;
  to: Addressee;
  order: OrderSummary;
  reasons: readonly Reason[];
};

/** Tells the customer that its order can't be carried out, and why. */
export function orderRejectedMail({ company, to, order, reasons }: OrderRejected): MailContent {
  const voice = voiceFor(company, to);
  const name = order.poNumber ?? order.orderId;
  const words = {
    en: {
      subject: `Order ${name} could not be accepted`,
      title: 'We could not accept your order',
      preheader: 'Nothing will be shipped or charged.',
      intro: 'We are sorry: we can’t carry out this order.',
      next: 'Nothing is shipped and nothing is charged. You are welcome to order again with other items or quantities.',
    },
    de: {
      subject: `Auftrag ${name} konnte nicht angenommen werden`,
      title: 'Wir konnten Ihren Auftrag nicht annehmen',
      preheader: 'Es wird nichts geliefert und nichts berechnet.',
      intro: 'es tut uns leid: Diesen Auftrag können wir nicht ausführen.',
      next: 'Es wird nichts geliefert und nichts berechnet. Gern können Sie mit anderen Artikeln oder Mengen neu bestellen.',
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
