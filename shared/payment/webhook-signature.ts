import type * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { sameText, webhookDigest } from './signature.ts';

/** A signature older (or newer) than this may be a replay. */
const TOLERANCE_SECONDS = 300;

/**
 * Checks the signature header `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">` of a webhook's raw body, as Stripe
 * writes it, in constant time.
 * @param at when the gateway received it
 * @throws DomainError `signature_invalid`
 */
export function checkSignature(header: string | undefined, body: string, secret: string, at: Instant): void {
  const parts = (header ?? '').split(',').map((part) => part.trim().split('='));
  const seconds = Number(parts.find(([name]) => name === 't')?.[1] ?? Number.NaN);
  const digest = webhookDigest(secret, seconds, body);
  // Several v1 are legal: while a secret is being replaced, a provider signs with the old and the new.
  if (!parts.some(([name, value]) => name === 'v1' && sameText(value ?? '', digest))) {
    throw new DomainError(
      'signature_invalid',
      'The signature does not match the body. Sign "t.body" with the shared secret.',
    );
  }
  const age = Math.abs(Date.parse(at) / 1000 - seconds);
  if (!(age <= TOLERANCE_SECONDS)) {
    throw new DomainError(
      'signature_invalid',
      `The signature is more than ${TOLERANCE_SECONDS} seconds away from now. Sign each delivery anew.`,
    );
  }
}

/** The JSON of a webhook whose signature was checked. @throws DomainError `malformed_json` */
export function parseWebhook(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new DomainError('malformed_json', 'The body is not JSON.', { cause });
  }
}

/** @throws DomainError `validation_failed` */
export function eventAs<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new DomainError('validation_failed', 'The event is not one that was agreed on.', { issues });
}
