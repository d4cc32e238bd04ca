import { InvoiceId } from '../kernel/ids.ts';
import { readSignedToken, signedToken } from './signature.ts';

/**
 * The address of an invoice's "Pay now" link. It holds for as long as the invoice does: what it leads to is the
 * balance of the moment it is opened.
 * @param publicUrl where the API answers
 * @param secret see `signing-secret.ts`
 */
export function payLink(publicUrl: string, secret: string, invoiceId: InvoiceId): string {
  return new URL(`/pay/${signedToken('pay-link', secret, invoiceId)}`, publicUrl).href;
}

/** The invoice a pay token stands for; undefined when we did not sign it. */
export function readPayToken(secret: string, token: string): InvoiceId | undefined {
  return InvoiceId.safeParse(readSignedToken('pay-link', secret, token)).data;
}
