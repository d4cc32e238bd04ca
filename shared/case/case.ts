import * as z from 'zod';
import { CaseId, CustomerId, InvoiceId, OrderId, ShipmentId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';

export const CaseKind = z.enum(['inquiry', 'complaint', 'delivery_discrepancy', 'return', 'other']);
export type CaseKind = z.infer<typeof CaseKind>;

export const CasePriority = z.enum(['low', 'normal', 'high']);
export type CasePriority = z.infer<typeof CasePriority>;

/** How a case ended. */
export const ResolutionCode = z.enum([
  'credited',
  'replaced',
  'redelivered',
  'refunded',
  'explained',
  'withdrawn',
  'no_fault',
]);

/** What a case is about; all of the customer's own. */
export const CaseAbout = z.strictObject({
  orderId: OrderId.optional(),
  shipmentId: ShipmentId.optional(),
  invoiceId: InvoiceId.optional(),
});
export type CaseAbout = z.infer<typeof CaseAbout>;

const Person = z.strictObject({ id: z.string(), name: z.string() });
export type Person = z.infer<typeof Person>;

const head = {
  caseId: CaseId,
  customerId: CustomerId,
  kind: CaseKind,
  priority: CasePriority,
  subject: z.string(),
  about: CaseAbout.optional(),
  openedAt: Instant,
  openedBy: z.string(),
  owner: Person.optional(),
  /** When someone of ours first answered. */
  respondedAt: Instant.optional(),
  /** How often it was escalated. */
  escalations: z.int().min(0),
  messages: z.int().min(1),
  version: z.int().min(1),
};

/**
 * A case's state is its type. While it is open the clock runs to `dueAt`: the first answer, then the resolution. While it
 * waits for the customer the clock stands, with `minutesLeft` working minutes on it.
 */
export const Case = z.discriminatedUnion('status', [
  z.strictObject({ ...head, status: z.literal('open'), dueAt: Instant }),
  z.strictObject({ ...head, status: z.literal('waiting_for_customer'), minutesLeft: z.int().min(0) }),
  z.strictObject({
    ...head,
    status: z.literal('resolved'),
    resolvedAt: Instant,
    resolvedBy: z.string(),
    resolution: ResolutionCode,
    conclusion: z.string(),
  }),
]);
export type Case = z.infer<typeof Case>;
export type CaseIn<S extends Case['status']> = Extract<Case, { status: S }>;

/** Where a case may go from each state, itself left out. */
export const caseTransitions: Readonly<Record<Case['status'], readonly Case['status'][]>> = {
  open: ['waiting_for_customer', 'resolved'],
  waiting_for_customer: ['open', 'resolved'],
  resolved: ['open'],
};

/** What was said in a case. Customers never see what is `internal`. */
export const CaseMessage = z.strictObject({
  message: z.int().min(1),
  at: Instant,
  by: z.string(),
  from: z.enum(['customer', 'us']),
  internal: z.literal(true).optional(),
  text: z.string(),
});
export type CaseMessage = z.infer<typeof CaseMessage>;

/** What the queue knows of a case that is not resolved. */
export const QueuedCase = z.strictObject({
  caseId: CaseId,
  customerId: CustomerId,
  kind: CaseKind,
  priority: CasePriority,
  subject: z.string(),
  status: z.enum(['open', 'waiting_for_customer']),
  openedAt: Instant,
  owner: Person.optional(),
  dueAt: Instant.optional(),
  escalations: z.int().min(0),
});
export type QueuedCase = z.infer<typeof QueuedCase>;
