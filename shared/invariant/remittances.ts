import { factsOf, type Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * F. A remittance advice names invoices of its own customer; it was told of once when it was given and once when it
 * was withdrawn; the payment that followed it is there, is of the same customer, and followed no other advice.
 */
export function* advicesAreFollowedOnce(picture: Picture): Generator<Violation> {
  const followed = new Map<string, string>();
  for (const [adviceId, advice] of picture.advices) {
    for (const { invoiceId } of advice.invoices) {
      const owner = picture.openItems.get(invoiceId)?.customerId;
      yield* unlessEqual('F', `customer of ${invoiceId}, named by ${adviceId}`, owner, advice.customerId);
    }
    const told = factsOf(picture, adviceId).map(({ type }) => type);
    const expected = [
      'remittance.advised',
      ...(advice.status === 'withdrawn' ? ['remittance.withdrawn'] : []),
    ];
    yield* unlessEqual('F', `facts of ${adviceId}`, told.join(' '), expected.join(' '));
    if (advice.status !== 'used') continue;
    const { paymentId } = advice;
    const payer = picture.payments.get(paymentId)?.customerId;
    yield* unlessEqual('F', `payer of ${paymentId}, which followed ${adviceId}`, payer, advice.customerId);
    const other = followed.get(paymentId);
    if (other !== undefined)
      yield { invariant: 'F', detail: `${paymentId} followed both ${other} and ${adviceId}` };
    followed.set(paymentId, adviceId);
  }
}
