import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { loadInvoiceAccuracy } from '#shared/report/invoice-accuracy-store.ts';
import { accuracyPeriodAsked, getInvoiceAccuracy } from '#shared/report/report-api.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const invoiceAccuracy = operation(getInvoiceAccuracy, async ({ query, at }) => ({
  body: await loadInvoiceAccuracy(table, accuracyPeriodAsked(query, dateIn(timeZone, at))),
}));

/** `/v1/reports`: figures on demand. */
export const handler = httpFunction(table, [invoiceAccuracy]);
