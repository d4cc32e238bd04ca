import * as z from 'zod';
import { escalateOverdue } from '#shared/case/escalate-store.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { logLine } from '#shared/http/log-line.ts';
import { instant } from '#shared/kernel/time.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Scheduled = z.object({ scheduledTime: z.string() });

const table = dynamoTable();
const company = companyFromEnv();

/** Each hour: escalates the cases that are overdue. Safe to repeat; a run that was missed is caught up by the next. */
export async function handler(event: unknown): Promise<{ escalated: number }> {
  const { scheduledTime } = Scheduled.parse(event);
  const escalated = await escalateOverdue(table, company, {
    at: instant(scheduledTime),
    actor: 'escalate-cases',
  });
  logLine('INFO', 'cases', { escalated });
  return { escalated };
}
