import * as z from 'zod';
import { type Instant, instant } from '../kernel/time.ts';
import { type MailNames, namesOfTags } from '../mail/mail-tags.ts';

const mail = z.object({ messageId: z.string(), tags: z.unknown().optional() });

/** What SES puts onto the default bus, as far as it is read here; AWS adds fields without asking. */
const SesEvent = z.discriminatedUnion('detail-type', [
  z.object({ 'detail-type': z.literal('Email Delivered'), time: z.string(), detail: z.object({ mail }) }),
  z.object({
    'detail-type': z.literal('Email Bounced'),
    time: z.string(),
    detail: z.object({
      mail,
      bounce: z.object({
        bounceType: z.string(),
        bounceSubType: z.string(),
        bouncedRecipients: z
          .array(z.object({ status: z.string().optional(), diagnosticCode: z.string().optional() }))
          .default([]),
      }),
    }),
  }),
  z.object({
    'detail-type': z.literal('Email Complaint Received'),
    time: z.string(),
    detail: z.object({
      mail,
      complaint: z.object({ complaintFeedbackType: z.string().nullish() }),
    }),
  }),
  z.object({
    'detail-type': z.literal('Email Rejected'),
    time: z.string(),
    detail: z.object({ mail, reject: z.object({ reason: z.string() }) }),
  }),
]);
type SesEvent = z.infer<typeof SesEvent>;

/** What became of a mail. `noted` changes nothing. */
export type MailOutcome = {
  names: MailNames;
  messageId: string;
  at: Instant;
} & Outcome;
type Outcome = { outcome: 'delivered' } | { outcome: 'noted' } | { outcome: 'bounced'; detail: string };

/**
 * Reads an event of SES.
 * @returns undefined for a mail that this system did not send
 * @throws ZodError when it is none of the events asked for
 */
export function readSesEvent(input: unknown): MailOutcome | undefined {
  const event = SesEvent.parse(input);
  const names = namesOfTags(event.detail.mail.tags);
  if (!names) return undefined;
  return { names, messageId: event.detail.mail.messageId, at: instant(event.time), ...outcomeOf(event) };
}

function outcomeOf(event: SesEvent): Outcome {
  switch (event['detail-type']) {
    case 'Email Delivered':
      return { outcome: 'delivered' };
    case 'Email Complaint Received': {
      const type = event.detail.complaint.complaintFeedbackType;
      return { outcome: 'bounced', detail: `complained of${type ? ` as ${type}` : ''}` };
    }
    case 'Email Rejected':
      return { outcome: 'bounced', detail: `rejected: ${event.detail.reject.reason}` };
    case 'Email Bounced': {
      const { bounceType, bounceSubType, bouncedRecipients } = event.detail.bounce;
      const [first] = bouncedRecipients;
      const detail = [`${bounceType} bounce, ${bounceSubType}`, first?.diagnosticCode ?? first?.status]
        .filter((part) => part !== undefined)
        .join(': ');
      return isLost(bounceType, bounceSubType) ? { outcome: 'bounced', detail } : { outcome: 'noted' };
    }
    default:
      return event satisfies never;
  }
}

/** Transient bounces by which the mail is lost all the same: SES tells of them once it has given up trying. */
const lost = ['MailboxFull', 'MessageTooLarge', 'ContentRejected', 'AttachmentRejected'];

/** Not lost: out-of-office answers and the like come as `Transient`, `General` or as `Undetermined`. */
function isLost(bounceType: string, bounceSubType: string): boolean {
  return bounceType === 'Permanent' || (bounceType === 'Transient' && lost.includes(bounceSubType));
}
