import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { CaseId } from '../kernel/ids.ts';
import { CaseAbout, CaseKind, ResolutionCode } from './case.ts';

const of = { caseId: CaseId };

/** What happens to cases; subject is the case. */
export const caseFacts = [
  factOf('case.opened', z.strictObject({ ...of, kind: CaseKind, about: CaseAbout.optional() })),
  factOf(
    'case.replied',
    z.strictObject({
      ...of,
      message: z.int().min(2),
      from: z.enum(['customer', 'us']),
      internal: z.literal(true).optional(),
      awaitsReply: z.literal(true).optional(),
    }),
  ),
  factOf('case.assigned', z.strictObject({ ...of, owner: z.string() })),
  /** `to` are mailed: who the policy names for the step; nobody when empty. */
  factOf('case.escalated', z.strictObject({ ...of, step: z.int().min(1), to: z.array(z.email()) })),
  factOf('case.resolved', z.strictObject({ ...of, resolution: ResolutionCode })),
  factOf('case.reopened', z.strictObject({ ...of, message: z.int().min(2) })),
] as const;
