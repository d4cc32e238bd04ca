import * as z from 'zod';
import { CustomerId } from '../kernel/ids.ts';

/** What a mail is known by to the mail service, and named by in what that tells of it later. */
export type MailNames = {
  mailId: string;
  customerId?: CustomerId | undefined;
  documentId?: string | undefined;
};

/** The names as tags. SES takes letters, digits, `_` and `-` in them, so a mail's id is written in base64url. */
export function mailTags({ mailId, customerId, documentId }: MailNames): Record<string, string> {
  return {
    mail: Buffer.from(mailId).toString('base64url'),
    ...(customerId !== undefined && { customer: customerId }),
    ...(documentId !== undefined && { document: documentId }),
  };
}

const Tags = z.object({
  mail: z.tuple([z.string()]),
  customer: z.tuple([CustomerId]).optional(),
  document: z.tuple([z.string()]).optional(),
});

/** The names again, from tags as SES tells them: each a list. Undefined for a mail that is none of ours. */
export function namesOfTags(tags: unknown): MailNames | undefined {
  const { success, data } = Tags.safeParse(tags);
  if (!success) return undefined;
  return {
    mailId: Buffer.from(data.mail[0], 'base64url').toString(),
    customerId: data.customer?.[0],
    documentId: data.document?.[0],
  };
}
