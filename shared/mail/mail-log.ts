import * as z from 'zod';
import { CustomerId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { mailedFacts } from './mailed-facts.ts';

/** What a mail is about. */
export const MailKind = z.enum([
  ...mailedFacts,
  'invoice.issued',
  'credit_note.issued',
  'statement',
  'morning_report',
]);
export type MailKind = z.infer<typeof MailKind>;

const mail = {
  /** The id of the fact or document it tells of: one mail each, for ever. */
  mailId: z.string().min(1),
  /** Missing for mail to the company itself. */
  customerId: CustomerId.optional(),
  kind: MailKind,
  to: z.array(z.email()).min(1),
  subject: z.string(),
  at: Instant,
  /** The mail service could not deliver it, or its reader complained of it. */
  bounced: z.strictObject({ at: Instant, reason: z.string() }).optional(),
};

/**
 * A mail that was or is being sent: the claim of `send-once.ts`, and what the customer's communications list shows.
 * `sending` that stays means nobody knows whether it left; see {@link sendOnce}.
 */
export const MailLog = z.discriminatedUnion('status', [
  z.strictObject({ ...mail, status: z.literal('sending') }),
  z.strictObject({ ...mail, status: z.literal('sent'), sentAt: Instant, sesMessageId: z.string() }),
]);
export type MailLog = z.infer<typeof MailLog>;
