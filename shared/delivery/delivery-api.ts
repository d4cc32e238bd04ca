import * as z from 'zod';
import type { Fact } from '../fact/fact.ts';
import { contract } from '../http/contract.ts';
import { CreditNoteId, CustomerId, InvoiceId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { Attempt, type Delivery, DocumentId, QueuedDelivery, targetOf } from './delivery.ts';

/** Where an invoice is on its way to the customer. `reason` says why it did not get there. */
export const DeliveryView = z.strictObject({
  status: z.enum(['pending', 'sent', 'delivered', 'bounced', 'failed']),
  by: Attempt.shape.by,
  /** A mail address, a webhook's address, or a Peppol id as `scheme:id`. */
  to: z.string(),
  /** How often it was asked for: 1 upon issue. */
  request: z.int(),
  /** When it came to be so. */
  at: Instant,
  reason: z.string().optional(),
  /** The last 30, oldest first. */
  attempts: z.array(Attempt),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

/** What asking for a document again was answered with. It is sent within seconds; the invoice tells what came of it. */
export const DeliveryRequested = z.strictObject({
  documentId: DocumentId,
  number: z.string(),
  request: z.int(),
  status: z.literal('pending'),
  by: Attempt.shape.by,
  to: z.string(),
  requestedBy: z.string(),
  at: Instant,
});
export type DeliveryRequested = z.infer<typeof DeliveryRequested>;

const ask = z.strictObject({
  /** Another address than the customer's, this once. */
  email: z.email().optional(),
  by: Attempt.shape.by.optional(),
});

export const resendInvoice = contract({
  operationId: 'resendInvoice',
  description:
    'As the customer wants its invoices and to the address it has now, unless the body says otherwise. Reminders that stopped because it had not arrived go on some days later (dunning policy, redeliveryDays).',
  params: z.strictObject({ invoiceId: InvoiceId }),
  body: ask,
  status: 202,
  response: DeliveryRequested,
  idempotent: true,
  problems: ['invoice_not_found', 'version_conflict'],
  example: { body: { email: 'accounts@bluebell.example' } },
});

export const resendCreditNote = contract({
  operationId: 'resendCreditNote',
  description: 'The same for a credit note.',
  params: z.strictObject({ creditNoteId: CreditNoteId }),
  body: ask,
  status: 202,
  response: DeliveryRequested,
  idempotent: true,
  problems: ['credit_note_not_found', 'version_conflict'],
  example: { body: { by: 'mail' } },
});

export const listUndeliveredInvoices = contract({
  operationId: 'listUndeliveredInvoices',
  description:
    'Invoices and credit notes that came back or could not be sent, longest waiting first. `pending` ones are being tried again.',
  status: 200,
  response: z.strictObject({ items: z.array(QueuedDelivery) }),
});

export const getWebhookSecret = contract({
  operationId: 'getWebhookSecret',
  description:
    'Each delivery by webhook bears `o2c-signature: t=<unix seconds>,v1=<hex>`: the HMAC-SHA256 of `<t>.<body>` under this secret. `o2c-delivery-id` is the same when a delivery is repeated.',
  params: z.strictObject({ customerId: CustomerId }),
  status: 200,
  response: z.strictObject({ secret: z.string(), version: z.int() }),
  problems: ['customer_not_found'],
});

/** A delivery as the API shows it. */
export function deliveryViewOf(found: Delivery): DeliveryView {
  const { status, channel, request, attempts } = found;
  return { status, by: channel.by, to: targetOf(channel), request, ...sinceOf(found), attempts };
}

function sinceOf(found: Delivery): Pick<DeliveryView, 'at' | 'reason'> {
  switch (found.status) {
    case 'pending':
      return { at: found.since };
    case 'sent':
      return { at: found.sentAt };
    case 'delivered':
      return { at: found.deliveredAt };
    case 'bounced':
      return { at: found.bouncedAt, reason: found.reason };
    case 'failed':
      return { at: found.failedAt, reason: found.reason };
    default:
      return found satisfies never;
  }
}

/** The answer to a request, told from its fact, which does not change. */
export function requestedOf({ data, actor, at }: Fact<'invoice.delivery_requested'>): DeliveryRequested {
  return { ...data, status: 'pending', requestedBy: actor, at };
}
