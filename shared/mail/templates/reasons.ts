import type { Language } from '../../document/language.ts';
import type { Reason } from '../../order/order.ts';

/**
 * A reason as a customer may read it. The figures of a credit decision stay in the house: its `detail` is told only
 * of what the customer can see for itself.
 */
function reasonText(reason: Reason, language: Language): string {
  switch (reason.code) {
    case 'credit_limit_exceeded':
      return {
        en: 'With this order your account would go beyond its agreed credit limit.',
        de: 'Mit diesem Auftrag würde Ihr Konto das vereinbarte Kreditlimit überschreiten.',
      }[language];
    case 'large_order':
      return {
        en: 'It is larger than the orders we accept without a second look.',
        de: 'Er ist größer als Aufträge, die wir ohne Rückfrage annehmen.',
      }[language];
    case 'customer_blocked':
      return {
        en: 'Your account is closed for new orders at the moment.',
        de: 'Ihr Konto ist zurzeit für neue Bestellungen gesperrt.',
      }[language];
    case 'price_differs':
      return {
        en: `A price is another than you expected: ${reason.detail}`,
        de: `Ein Preis ist anders, als Sie erwarten: ${reason.detail}`,
      }[language];
    case 'duplicate_order':
      return {
        en: 'It is the same as an order you placed shortly before. We ask you before we ship it twice.',
        de: 'Er gleicht einem Auftrag von kurz zuvor. Wir fragen nach, ehe wir doppelt liefern.',
      }[language];
    case 'address_incomplete':
      return {
        en: 'The delivery address is incomplete.',
        de: 'Die Lieferadresse ist unvollständig.',
      }[language];
    case 'insufficient_stock':
      return { en: `Not enough in stock: ${reason.detail}`, de: `Nicht genug auf Lager: ${reason.detail}` }[
        language
      ];
    case 'turned_down':
      return reason.detail;
    case 'held_by_rule':
    case 'rule_failed':
    case 'fraud_suspected':
    case 'processing_failed':
    case 'within_limit':
    case 'paid_at_once':
    case 'released':
      return {
        en: 'One of us has a look at it first.',
        de: 'Wir sehen uns den Auftrag vorher persönlich an.',
      }[language];
    default:
      return reason.code satisfies never;
  }
}

/** Each reason once, in order. */
export function reasonTexts(reasons: readonly Reason[], language: Language): string[] {
  return [...new Set(reasons.map((reason) => reasonText(reason, language)))];
}
