import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { CaseId, CustomerId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import {
  type Case,
  CaseAbout,
  CaseKind,
  CaseMessage,
  CasePriority,
  QueuedCase,
  ResolutionCode,
} from './case.ts';

const Text = z.string().trim().min(1).max(5_000);
const params = z.strictObject({ caseId: CaseId });

const CaseSummary = z.strictObject({
  caseId: CaseId,
  customerId: CustomerId,
  kind: CaseKind,
  priority: CasePriority,
  subject: z.string(),
  about: CaseAbout.optional(),
  status: z.enum(['open', 'waiting_for_customer', 'resolved']),
  openedAt: Instant,
  openedBy: z.string(),
  owner: z.string().optional(),
  respondedAt: Instant.optional(),
  /** When we owe an answer, or the resolution; not while it waits for the customer. */
  dueAt: Instant.optional(),
  resolvedAt: Instant.optional(),
  resolution: ResolutionCode.optional(),
  conclusion: z.string().optional(),
  version: z.int(),
});

const CaseView = CaseSummary.extend({ messages: z.array(CaseMessage) });

/** A case as it is shown to whoever may see it. */
export function caseSummary(found: Case): z.infer<typeof CaseSummary> {
  const { caseId, customerId, kind, priority, subject, about, status, openedAt, openedBy } = found;
  const { owner, respondedAt, version } = found;
  return {
    caseId,
    customerId,
    kind,
    priority,
    subject,
    status,
    openedAt,
    openedBy,
    version,
    ...(about && { about }),
    ...(owner && { owner: owner.name }),
    ...(respondedAt !== undefined && { respondedAt }),
    ...(found.status === 'open' && { dueAt: found.dueAt }),
    ...(found.status === 'resolved' && {
      resolvedAt: found.resolvedAt,
      resolution: found.resolution,
      conclusion: found.conclusion,
    }),
  };
}

export const openCase = contract({
  operationId: 'openCase',
  description:
    'An inquiry or a complaint, about an order, a shipment of it or an invoice where you name one. The policy `cases` says until when we answer and resolve it.',
  body: z.strictObject({
    /** Left out by customers: their token says who they are. */
    customerId: CustomerId.optional(),
    kind: CaseKind.default('inquiry'),
    /** Staff only. */
    priority: CasePriority.optional(),
    subject: z.string().trim().min(3).max(120),
    text: Text,
    about: CaseAbout.optional(),
  }),
  status: 201,
  response: CaseView,
  idempotent: true,
  problems: ['customer_not_found', 'order_not_found', 'shipment_not_found', 'invoice_not_found'],
  example: {
    body: {
      kind: 'complaint',
      subject: 'Two mugs broken',
      text: 'Two of the mugs arrived in pieces.',
      about: { orderId: 'ord_01kqzj8v7m3n5p9r2s4t6w8x0y' },
    },
  },
});

export const getCase = contract({
  operationId: 'getCase',
  params,
  status: 200,
  response: CaseView,
  versioned: true,
  problems: ['case_not_found'],
});

export const listCases = contract({
  operationId: 'listCases',
  query: z.strictObject({ customerId: CustomerId.optional(), ...PageQuery.shape }),
  status: 200,
  response: pageOf(CaseSummary),
  problems: ['customer_not_found', 'cursor_invalid'],
});

export const replyToCase = contract({
  operationId: 'replyToCase',
  description:
    'Says something in a case. The customer is mailed what we say, unless it is `internal`; with `awaitsReply` the clock stands until the customer answers.',
  params,
  body: z.strictObject({
    text: Text,
    /** Staff only. */
    internal: z.literal(true).optional(),
    /** Staff only. */
    awaitsReply: z.literal(true).optional(),
  }),
  status: 200,
  response: CaseView,
  idempotent: true,
  problems: ['case_not_found', 'case_resolved', 'version_conflict'],
  example: { body: { text: 'Could you send us a picture of them?', awaitsReply: true } },
});

export const assignCase = contract({
  operationId: 'assignCase',
  description: 'Takes a case on, or gives it to a colleague.',
  params,
  body: z.strictObject({
    /** You, when left out. */
    to: z.strictObject({ id: z.string().min(1).max(128), name: z.string().min(1).max(128) }).optional(),
  }),
  status: 200,
  response: CaseView,
  problems: ['case_not_found', 'case_resolved', 'version_conflict'],
  example: { body: {} },
});

export const resolveCase = contract({
  operationId: 'resolveCase',
  description: 'Resolves a case; the customer is mailed the conclusion.',
  params,
  body: z.strictObject({ resolution: ResolutionCode, conclusion: Text }),
  status: 200,
  response: CaseView,
  idempotent: true,
  problems: ['case_not_found', 'case_resolved', 'version_conflict'],
  example: { body: { resolution: 'replaced', conclusion: 'Two new mugs are on their way.' } },
});

export const reopenCase = contract({
  operationId: 'reopenCase',
  description: 'Opens a resolved case again, as long as the policy `cases` allows.',
  params,
  body: z.strictObject({ text: Text }),
  status: 200,
  response: CaseView,
  idempotent: true,
  problems: ['case_not_found', 'case_not_reopenable', 'version_conflict'],
  example: { body: { text: 'One of the new ones is broken, too.' } },
});

const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

export const listOpenCases = contract({
  operationId: 'listOpenCases',
  description:
    'The cases that are not resolved, those due first in front; those that wait for the customer last.',
  query: z.strictObject({ mine: flag, overdue: flag }),
  status: 200,
  response: z.strictObject({ items: z.array(QueuedCase.extend({ overdue: z.boolean() })) }),
});
