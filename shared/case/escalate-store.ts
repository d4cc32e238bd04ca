import type { Company } from '../company/company.ts';
import { eachLimited } from '../kernel/each-limited.ts';
import type { Instant } from '../kernel/time.ts';
import { commit, onFreshRead } from '../table/commit.ts';
import type { Table } from '../table/table.ts';
import { escalateCase } from './advance-case.ts';
import { caseActions, listOpenCases, loadCase, loadCaseClock } from './case-store.ts';

const AT_ONCE = 10;

/**
 * Escalates the cases that are overdue, each step once, however often this runs; a run that was missed is caught up. One
 * query, and a read and a transaction for each case that is overdue.
 * @returns how many were escalated
 */
export async function escalateOverdue(
  table: Table,
  company: Company,
  { at, actor }: { at: Instant; actor: string },
): Promise<number> {
  const [open, clock] = await Promise.all([listOpenCases(table), loadCaseClock(table, company, at)]);
  const overdue = open.filter(({ dueAt }) => dueAt !== undefined && dueAt <= at);
  let escalated = 0;
  await eachLimited(overdue, AT_ONCE, ({ caseId }) =>
    onFreshRead(async () => {
      const file = await loadCase(table, caseId);
      const next = file && escalateCase(file.case, clock, at);
      if (!next) return;
      const { steps } = clock.policy.escalation;
      const to = steps[Math.min(next.escalations, steps.length) - 1] ?? [];
      const data = { caseId, step: next.escalations, to };
      await commit(table, caseActions(file.case, { next }, { type: 'case.escalated', data }, { at, actor }));
      escalated += 1;
    }),
  );
  return escalated;
}
