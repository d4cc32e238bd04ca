import { readSignedToken, signedToken } from '../payment/signature.ts';
import { Asked } from './satisfaction.ts';

/**
 * Where a customer is asked how satisfied it is. Opening it records nothing: programs that look at mails open links, too.
 * @param publicUrl where the API answers
 * @param secret see `signing-secret.ts`
 * @param score the one that the link stands for
 */
export function satisfactionLink(
  publicUrl: string,
  secret: string,
  { subject, customerId }: Asked,
  score: number,
): string {
  const url = new URL(
    `/satisfaction/${signedToken('satisfaction', secret, `${subject}.${customerId}`)}`,
    publicUrl,
  );
  url.searchParams.set('score', String(score));
  return url.href;
}

/** What a token asks about; undefined when we did not sign it. */
export function readSatisfactionToken(secret: string, token: string): Asked | undefined {
  const [subject, customerId] = (readSignedToken('satisfaction', secret, token) ?? '').split('.');
  return Asked.safeParse({ subject, customerId }).data;
}
