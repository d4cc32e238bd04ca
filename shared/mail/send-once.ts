import type { Instant } from '../kernel/time.ts';
import type { MailLog } from './mail-log.ts';
import type { MailClaims } from './mail-store.ts';
import { MailRefused, type MailSender } from './ses-client.ts';

/** A mail to send and the id that it is sent once under. */
export type OutgoingMail = Pick<MailLog, 'mailId' | 'customerId' | 'kind' | 'to' | 'subject'> & {
  from: string;
  /** The whole MIME message; its Message-ID is made of `mailId`. */
  raw: Uint8Array;
  /** What the mail service's feedback names the mail by. */
  tags?: Readonly<Record<string, string>>;
};

/** A mail may or may not have left, and a person has to find out. */
export class MailUncertain extends Error {
  constructor(mailId: string, cause?: unknown) {
    super(
      `mail ${mailId} was handed to the mail service and no answer was recorded. See whether it arrived: ` +
        'if not, delete its MAIL# item and send the event again; if so, set its status to sent',
      cause === undefined ? undefined : { cause },
    );
    this.name = 'MailUncertain';
  }
}

/**
 * Sends a mail exactly once, as far as that can be had from a mail service without idempotency tokens.
 *
 * 1. A record `sending` is put where none is: the claim. Of two that try, one gets it.
 * 2. The mail service is asked to send.
 * 3. The record becomes `sent`.
 *
 * Where 2 fails and nothing was sent, the claim is given back and the caller's own retries try again. Where it is not
 * known whether the mail left (the function died between 1 and 3, the connection broke, the service answered with a
 * server error), the claim stays. Whoever comes later and finds it can't tell a mail that left from one that did not:
 * sending again might dun a customer twice, not sending might keep an invoice from one, so neither is done silently.
 * It throws {@link MailUncertain}, the event ends in the dead-letter queue, whose depth has an alarm, and a person
 * decides. A second delivery of the event while the first is under way throws as well, and its retry a minute later
 * finds the record `sent`.
 *
 * @returns whether this call sent it; false when it was sent before
 * @throws MailRefused when nothing was sent: try again
 * @throws MailUncertain when it is not known whether it was sent
 */
export async function sendOnce(
  claims: MailClaims,
  sender: MailSender,
  mail: OutgoingMail,
  at: Instant,
): Promise<boolean> {
  const { from: _from, raw: _raw, tags: _tags, ...about } = mail;
  const found = await claims.claim({ ...about, at, status: 'sending' });
  switch (found) {
    case 'sent':
      return false;
    case 'sending':
      throw new MailUncertain(mail.mailId);
    case 'claimed':
      break;
    default:
      return found satisfies never;
  }
  const sesMessageId = await handOver(claims, sender, mail);
  await claims.markSent(mail, { sentAt: at, sesMessageId });
  return true;
}

async function handOver(claims: MailClaims, sender: MailSender, mail: OutgoingMail): Promise<string> {
  try {
    return await sender.send(mail);
  } catch (error) {
    if (!(error instanceof MailRefused)) throw new MailUncertain(mail.mailId, error);
    await claims.release(mail);
    throw error;
  }
}
