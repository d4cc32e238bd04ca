import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { CalendarDate, dateIn } from '#shared/kernel/time.ts';
import { loadInvoiceAccuracy } from '#shared/report/invoice-accuracy-store.ts';
import { accuracyPeriodAsked, getInvoiceAccuracy } from '#shared/report/report-api.ts';
import { getSatisfaction, monthAsked, satisfactionView } from '#shared/satisfaction/satisfaction-api.ts';
import { loadAnswersOf } from '#shared/satisfaction/satisfaction-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { endOfMonth } from '#shared/terms/dates.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const invoiceAccuracy = operation(getInvoiceAccuracy, async ({ query, at }) => ({
  body: await loadInvoiceAccuracy(table, accuracyPeriodAsked(query, dateIn(timeZone, at))),
}));

const satisfaction = operation(getSatisfaction, async ({ query, at }) => {
  const month = monthAsked(query.month, dateIn(timeZone, at));
  const first = CalendarDate.parse(`${month}-01`);
  const answers = await loadAnswersOf(table, first, endOfMonth(first));
  return { body: satisfactionView(month, answers) };
});

/** `/v1/reports`: figures on demand. */
export const handler = httpFunction(table, [invoiceAccuracy, satisfaction]);
