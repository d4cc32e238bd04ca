import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed token is for. Each purpose has a key of its own, so a token made for one is nothing to the other. */
type Purpose = 'pay-link' | 'sandbox-session' | 'sandbox-payment' | 'sandbox-event';

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
