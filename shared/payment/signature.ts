import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../kernel/time.ts';

/** What a signed token is for. Each purpose has a key of its own, so a token made for one is nothing to the other. */
type Purpose =
  | 'pay-link'
  | 'payer-portal'
  | 'sandbox-session'
  | 'sandbox-payment'
  | 'sandbox-event'
  | 'sandbox-refund'
  | 'invoice-webhook'
  | 'carrier-webhook'
  | 'satisfaction';

/** HMAC-SHA256 of `text` under the key that `secret` gives `purpose`, in base64url (43 characters). */
export function sign(purpose: Purpose, secret: string, text: string): string {
  const key = createHmac('sha256', secret).update(purpose).digest();
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** `text.signature`, for a URL. `text` must be safe in one (base64url, or an id). */
export function signedToken(purpose: Purpose, secret: string, text: string): string {
  return `${text}.${sign(purpose, secret, text)}`;
}

/** The text of a token that {@link signedToken} made for `purpose`; undefined when anything of it was changed. */
export function readSignedToken(purpose: Purpose, secret: string, token: string): string | undefined {
  const end = token.lastIndexOf('.');
  if (end < 1) return undefined;
  const text = token.slice(0, end);
  return sameText(token.slice(end + 1), sign(purpose, secret, text)) ? text : undefined;
}

/** Whether two texts are equal, in a time that does not tell how much of them is. */
export function sameText(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * HMAC-SHA256 of a webhook's time and body in hex: of `<unix seconds>.<body>`, so that neither can be changed or used
 * again later without the secret.
 */
export function webhookDigest(secret: string, seconds: number, body: string | Uint8Array): string {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
}

/** The signature header of a webhook sent at `at`: `t=<unix seconds>,v1=<hex>`, as Stripe writes it. */
export function webhookSignature(secret: string, at: Instant, body: string | Uint8Array): string {
  const seconds = Math.floor(Date.parse(at) / 1000);
  return `t=${seconds},v1=${webhookDigest(secret, seconds, body)}`;
}
