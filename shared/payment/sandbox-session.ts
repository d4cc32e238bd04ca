import type * as z from 'zod';
import { Instant, instant } from '../kernel/time.ts';
import { CheckoutRequest } from './provider.ts';
import { readSignedToken, sign, signedToken } from './signature.ts';

/** How long the hosted page may be left open before its amount is stale. */
export const SESSION_MINUTES = 60;

const SandboxSession = CheckoutRequest.extend({ expiresAt: Instant });
/** Everything the hosted page knows. It is carried in the page's address, signed: the sandbox stores nothing. */
export type SandboxSession = z.infer<typeof SandboxSession>;

/** A checkout that starts at `at`, as the token in its page's address. */
export function openSession(request: CheckoutRequest, secret: string, at: Instant): string {
  const session: SandboxSession = {
    ...request,
    expiresAt: instant(Date.parse(at) + SESSION_MINUTES * 60_000),
  };
  return signedToken('sandbox-session', secret, Buffer.from(JSON.stringify(session)).toString('base64url'));
}

/** The session of a token; undefined when the sandbox did not sign it. It may have expired. */
export function readSession(token: string, secret: string): SandboxSession | undefined {
  const text = readSignedToken('sandbox-session', secret, token);
  if (text === undefined) return undefined;
  return SandboxSession.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
}

/** The sandbox's id of the payment a session makes: one per checkout key, however often its page is submitted. */
export function sandboxPaymentId(session: Pick<SandboxSession, 'key'>, secret: string): string {
  return `sbx_${sign('sandbox-payment', secret, session.key)}`;
}
