import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import * as z from 'zod';
import type { Instant } from '../kernel/time.ts';

export type Attachment = { filename: string; contentType: string; content: Buffer | string };

export type MimeMail = {
  /** `name` is what the reader sees; the address is the verified sender. */
  from: { name: string; address: string };
  /** At least one address; all of them see each other. */
  to: readonly string[];
  subject: string;
  html: string;
  text: string;
  attachments?: readonly Attachment[];
  /** With or without its angle brackets, unique for ever, e.g. `fact-1.reminded@example.com`. */
  messageId: string;
  date: Instant;
  /** Further header fields, e.g. `Auto-Submitted`. */
  headers?: Readonly<Record<string, string>>;
};

// Line ends and other control characters would start a header field of the attacker's choice.
const headerText = z.string().regex(/^\P{Cc}*$/u, 'must not contain control characters');
const headerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be a header field name');
const header = z.strictObject({
  from: z.strictObject({ name: headerText, address: z.email() }),
  to: z.array(z.email()).min(1),
  subject: headerText,
  messageId: z.string().regex(/^<?[^\s<>@]+@[^\s<>@]+>?$/, 'must be a message id such as id@example.com'),
  headers: z.record(headerName, headerText).default({}),
  filenames: z.array(headerText.refine((name) => !/[/\\]/.test(name), 'must not contain a path')),
});

/**
 * A mail as it goes over the wire (RFC 5322, MIME): text and HTML as alternatives, attachments beside them. The same
 * input gives the same bytes, so that a retry sends the same mail.
 * @throws ZodError when an address, a file name or a header field could inject another header field
 */
export async function composeMime(mail: MimeMail): Promise<Buffer> {
  const attachments = mail.attachments ?? [];
  const { from, to, subject, messageId, headers } = header.parse({
    from: mail.from,
    to: mail.to,
    subject: mail.subject,
    messageId: mail.messageId,
    headers: mail.headers,
    filenames: attachments.map(({ filename }) => filename),
  });
  const composer = new MailComposer({
    from,
    to: to.map((address) => ({ name: '', address })),
    subject,
    text: mail.text,
    html: mail.html,
    attachments: attachments.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      content,
    })),
    messageId: `<${messageId.replace(/[<>]/g, '')}>`,
    date: new Date(mail.date),
    headers,
    // Its own would be random.
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 24),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  });
  return composer.compile().build();
}
