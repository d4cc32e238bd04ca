import * as z from 'zod';
import { CreditNoteId, CustomerId, InvoiceId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { InvoiceDelivery, PeppolId, XmlFormat } from './preference.ts';

/** An invoice or a credit note. */
export const DocumentId = z.union([InvoiceId, CreditNoteId]);
export type DocumentId = z.infer<typeof DocumentId>;

/** The way a document takes, and where it ends. */
export const Channel = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('mail'), to: z.email(), xml: XmlFormat.optional() }),
  InvoiceDelivery.options[1],
  z.strictObject({ by: z.literal('peppol'), to: PeppolId }),
]);
export type Channel = z.infer<typeof Channel>;

/**
 * Something that came of sending a document: `sent` was handed over, `delivered` is there; `refused` will never be
 * taken, `failed` may be on another try; `uncertain`: nobody knows whether it left; `bounced` came back.
 */
export const Attempt = z.strictObject({
  /** Which request it was for: 1 upon issue, then one for each time somebody asked again. */
  request: z.int().min(1),
  by: z.enum(['mail', 'webhook', 'peppol']),
  at: Instant,
  outcome: z.enum(['sent', 'delivered', 'refused', 'failed', 'uncertain', 'bounced']),
  detail: z.string().max(500).optional(),
  /** What the mail service, access point or webhook knows it by. */
  messageId: z.string().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Attempts that are kept; older ones are told by the facts. */
export const ATTEMPTS_KEPT = 30;

const delivery = {
  documentId: DocumentId,
  number: z.string(),
  customerId: CustomerId,
  /** The request under way or done last. */
  request: z.int().min(1),
  channel: Channel,
  /** Oldest first. */
  attempts: z.array(Attempt).max(ATTEMPTS_KEPT),
  version: z.int().min(1),
};

/**
 * Where a document is on its way to the customer. `pending` waits to be sent, for the first time or again; `sent` was
 * taken by the mail service; `bounced` and `failed` wait for a person.
 */
export const Delivery = z.discriminatedUnion('status', [
  z.strictObject({ ...delivery, status: z.literal('pending'), since: Instant }),
  z.strictObject({ ...delivery, status: z.literal('sent'), sentAt: Instant }),
  z.strictObject({ ...delivery, status: z.literal('delivered'), deliveredAt: Instant }),
  z.strictObject({ ...delivery, status: z.literal('bounced'), bouncedAt: Instant, reason: z.string() }),
  z.strictObject({ ...delivery, status: z.literal('failed'), failedAt: Instant, reason: z.string() }),
]);
export type Delivery = z.infer<typeof Delivery>;
export type DeliveryIn<S extends Delivery['status']> = Extract<Delivery, { status: S }>;

/** Whether the customer has not got it although it was tried. */
export function isUndelivered(found: Delivery): found is DeliveryIn<'bounced' | 'failed'> {
  return found.status === 'bounced' || found.status === 'failed';
}

/** What has come of the request under way. */
export function attemptsOfRequest({ attempts, request }: Delivery): Attempt[] {
  return attempts.filter((attempt) => attempt.request === request);
}

/** What the queue of undelivered documents knows of one, without reading it. */
export const QueuedDelivery = z.strictObject({
  documentId: DocumentId,
  number: z.string(),
  customerId: CustomerId,
  /** `pending` is being tried again. */
  status: z.enum(['pending', 'bounced', 'failed']),
  by: Attempt.shape.by,
  to: z.string(),
  reason: z.string(),
  since: Instant,
});
export type QueuedDelivery = z.infer<typeof QueuedDelivery>;

/** What the queue says of a delivery; undefined where nothing is wrong with it. */
export function queuedOf(found: Delivery): QueuedDelivery | undefined {
  const { documentId, number, customerId, channel } = found;
  const common = { documentId, number, customerId, by: channel.by, to: targetOf(channel) };
  switch (found.status) {
    case 'pending': {
      const last = attemptsOfRequest(found).at(-1);
      return (
        last && { ...common, status: 'pending', reason: last.detail ?? last.outcome, since: found.since }
      );
    }
    case 'bounced':
      return { ...common, status: 'bounced', reason: found.reason, since: found.bouncedAt };
    case 'failed':
      return { ...common, status: 'failed', reason: found.reason, since: found.failedAt };
    case 'sent':
    case 'delivered':
      return undefined;
    default:
      return found satisfies never;
  }
}

/** Where a channel ends, for people to read. */
export function targetOf(channel: Channel): string {
  switch (channel.by) {
    case 'mail':
      return channel.to;
    case 'webhook':
      return channel.url;
    case 'peppol':
      return `${channel.to.scheme}:${channel.to.id}`;
    default:
      return channel satisfies never;
  }
}
