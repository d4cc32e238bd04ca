import { type Company, companyFromEnv } from '../company/company.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { MailKind } from './mail-log.ts';
import type { MailClaims } from './mail-store.ts';
import { mailTags } from './mail-tags.ts';
import { type Attachment, composeMime } from './mime.ts';
import { sendOnce } from './send-once.ts';
import { type MailSender, sesSender } from './ses-client.ts';
import type { MailContent } from './templates/layout/compose.ts';

/** A mail that is written and has to be sent. `mailId` is unique for ever: it is sent once. */
export type WrittenMail = {
  mailId: string;
  /** Missing for mail to the company itself. */
  customerId?: CustomerId;
  kind: MailKind;
  to: readonly string[];
  content: MailContent;
  attachments?: readonly Attachment[];
  /** The invoice or credit note it brings: a bounce is told of it. */
  documentId?: string;
};

export type PostOffice = {
  claims: MailClaims;
  sender: MailSender;
  company: Company;
  /** The verified sender identity. */
  senderAddress: string;
};

/** The deployment's own, by `COMPANY`, `SENDER_ADDRESS` and `MAIL_CONFIGURATION_SET`. */
export function officeFromEnv(claims: MailClaims): PostOffice {
  return {
    claims,
    sender: sesSender(process.env['MAIL_CONFIGURATION_SET']),
    company: companyFromEnv(),
    senderAddress: process.env['SENDER_ADDRESS'] ?? '',
  };
}

/**
 * Sends a mail of the company exactly once, see {@link sendOnce}; answers go to the company's own address. What fails
 * while it is put into MIME fails before it is claimed.
 * @returns whether this call sent it
 */
export async function post(office: PostOffice, mail: WrittenMail, at: Instant): Promise<boolean> {
  const { company, senderAddress } = office;
  const { mailId, customerId, kind, content, attachments = [], documentId } = mail;
  const raw = await composeMime({
    from: { name: company.tradingName ?? company.legalName, address: senderAddress },
    to: mail.to,
    ...content,
    attachments,
    messageId: `${mailId}@${senderAddress.slice(senderAddress.lastIndexOf('@') + 1)}`,
    date: at,
    // RFC 3834: out-of-office robots don't answer.
    headers: { 'Reply-To': company.email, 'Auto-Submitted': 'auto-generated' },
  });
  const outgoing = {
    mailId,
    kind,
    from: senderAddress,
    to: [...mail.to],
    subject: content.subject,
    raw,
    tags: mailTags({ mailId, customerId, documentId }),
  };
  return sendOnce(
    office.claims,
    office.sender,
    customerId === undefined ? outgoing : { ...outgoing, customerId },
    at,
  );
}
