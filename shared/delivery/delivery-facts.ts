import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { Attempt, DocumentId } from './delivery.ts';

const about = { documentId: DocumentId, number: z.string(), request: z.int().min(1), by: Attempt.shape.by };

/**
 * What happens to invoices and credit notes on their way to the customer; subject is the document, slot
 * `delivery-<version>` of its delivery.
 */
export const deliveryFacts = [
  factOf('invoice.sent', z.strictObject({ ...about, messageId: z.string().optional() })),
  factOf('invoice.delivered', z.strictObject({ ...about, messageId: z.string().optional() })),
  factOf(
    'invoice.undelivered',
    z.strictObject({ ...about, status: z.enum(['bounced', 'failed']), reason: z.string() }),
  ),
  /** Somebody wants it sent again. */
  factOf('invoice.delivery_requested', z.strictObject({ ...about, to: z.string() })),
] as const;
