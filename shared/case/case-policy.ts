import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

const Hours = z.int().min(1).max(1_000);
const Targets = z.strictObject({ firstResponse: Hours, resolution: Hours });

/**
 * How fast cases are to be answered and resolved, in opening hours of the order desk, by priority; who hears of those that
 * are overdue; and for how long a resolved case may be opened again.
 */
export const CasePolicy = z.strictObject({
  hours: z.strictObject({ high: Targets, normal: Targets, low: Targets }).prefault({
    high: { firstResponse: 2, resolution: 8 },
    normal: { firstResponse: 8, resolution: 24 },
    low: { firstResponse: 16, resolution: 80 },
  }),
  /** Hours between two escalations of a case, and who is mailed: the first list at the first, and so on. */
  escalation: z
    .strictObject({
      everyHours: Hours.default(8),
      steps: z.array(z.array(z.email()).min(1).max(10)).max(5).default([]),
    })
    .prefault({}),
  reopenDays: z.int().min(0).max(365).default(30),
});
export type CasePolicy = z.infer<typeof CasePolicy>;

export const casePolicy: PolicyDefinition<CasePolicy> = {
  name: 'cases',
  schema: CasePolicy,
  shipped: CasePolicy.parse({}),
};
