import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { parseFact } from '#shared/fact/fact.ts';
import { logLine } from '#shared/http/log-line.ts';
import { workChunk } from '#shared/order-import/work-chunk-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { salesTaxProviderFor } from '#shared/tax/sales-tax.ts';

const Event = z.object({ detail: z.unknown() });

const table = dynamoTable();
const company = companyFromEnv();
const seller = { company, salesTax: salesTaxProviderFor(company) };

/** Places the orders of a chunk of a file that was taken. Safe to repeat: it goes on where it ended. */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<{ worked: number }> {
  const { data, at } = parseFact(['order_import.received'], Event.parse(event).detail);
  const work = { table, seller, at, timeLeft: () => context.getRemainingTimeInMillis() };
  const worked = await workChunk(work, data.importId, data.chunk);
  logLine('INFO', 'order import', { ...data, worked });
  return { worked };
}
