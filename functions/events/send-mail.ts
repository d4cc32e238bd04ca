import * as z from 'zod';
import { parseFact } from '#shared/fact/fact.ts';
import { writeMailAbout } from '#shared/mail/fact-mail-store.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import { mailedFacts } from '#shared/mail/mailed-facts.ts';
import { officeFromEnv, post } from '#shared/mail/post-office.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { portalLink } from '#shared/portal/portal-link.ts';
import { satisfactionLink } from '#shared/satisfaction/satisfaction-link.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ detail: z.unknown() });

const table = dynamoTable();
const office = officeFromEnv(mailClaims(table));
const { company } = office;
const publicUrl = process.env['PUBLIC_URL'] ?? '';
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

/** Mails the customer about a fact on the bus, once, unless it needs no mail. */
export async function handler(event: unknown): Promise<{ sent: boolean }> {
  const fact = parseFact(mailedFacts, Event.parse(event).detail);
  const secret = await readSecret();
  const mail = await writeMailAbout(table, fact, {
    company,
    payUrlOf: (invoiceId) => payLink(publicUrl, secret, invoiceId),
    portalUrlOf: (portal) => portalLink(publicUrl, secret, portal),
    satisfactionUrlOf: (asked, score) => satisfactionLink(publicUrl, secret, asked, score),
  });
  return { sent: mail !== undefined && (await post(office, mail, fact.at)) };
}
