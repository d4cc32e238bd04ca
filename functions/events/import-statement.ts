import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { importStatement } from '#shared/bank/import-store.ts';
import { statementBucket } from '#shared/bank/statement-files-client.ts';
import { takeUpload } from '#shared/bank/take-file-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { continueRun } from '#shared/direct-debit/continue-run-store.ts';
import { parseFact } from '#shared/fact/fact.ts';
import { logLine } from '#shared/http/log-line.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ detail: z.unknown() });

const table = dynamoTable();
const files = statementBucket(process.env['STATEMENT_BUCKET'] ?? '');
const { timeZone } = companyFromEnv();

const woken = [
  'bank_statement.received',
  'bank_statement.continued',
  'statement_upload.started',
  'direct_debit.created',
  'direct_debit.cancelling',
  'direct_debit.settling',
  'direct_debit.continued',
] as const;

/**
 * The work that is too long for a request: works the lines of a bank statement that was taken, takes the statements of an
 * uploaded file, fills, settles or gives back a direct debit run. Safe to repeat: what fails or runs out of time goes on
 * where it ended.
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<{ outcome: string }> {
  const fact = parseFact(woken, Event.parse(event).detail);
  const started = performance.now();
  const outcome = await carryOut(fact, () => context.getRemainingTimeInMillis());
  logLine('INFO', 'statement', {
    subject: fact.subject,
    outcome,
    ms: Math.round(performance.now() - started),
  });
  return { outcome };
}

function carryOut(
  fact: ReturnType<typeof parseFact<(typeof woken)[number]>>,
  timeLeft: () => number,
): Promise<string> {
  switch (fact.type) {
    case 'statement_upload.started':
      return takeUpload(table, files, fact.data.uploadId, fact.at);
    case 'bank_statement.received':
    case 'bank_statement.continued':
      return importStatement(
        { table, files, workLine, timeZone, timeLeft },
        fact.data.bankStatementId,
        fact.at,
      );
    case 'direct_debit.created':
    case 'direct_debit.cancelling':
    case 'direct_debit.settling':
    case 'direct_debit.continued':
      return continueRun({ table, timeZone, timeLeft }, fact.data.directDebitId, fact.at);
    default:
      return fact satisfies never;
  }
}
