import { companyFromEnv } from '#shared/company/company.ts';
import { assertOwn, listedCustomer } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { queryPage } from '#shared/http/paging.ts';
import { loadDisputeAnswer, openDispute, settleDispute } from '#shared/invoice/dispute-store.ts';
import {
  disputeInvoice,
  getInvoice,
  listInvoices,
  resolveDispute,
  summaryOf,
  viewOf,
  writeOffInvoice,
} from '#shared/invoice/invoice-api.ts';
import { documentsOf, loadDocuments, loadInvoiceFile, loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { loadWriteOffAnswer, writeOffInvoice as writeOff } from '#shared/invoice/write-off-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const noCustomer = () => new DomainError('customer_not_found', 'There is no such customer.');
const noInvoice = () => new DomainError('invoice_not_found', 'There is no such invoice.');

const list = operation(listInvoices, async ({ query, caller }) => {
  const customerId = listedCustomer(caller, query.customerId, noCustomer);
  const page = await queryPage(table, documentsOf(customerId), query);
  const found = await loadDocuments(table, page.items);
  const items = found.map(({ document, openItem }) => summaryOf(document, openItem));
  return { body: { items, ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) } };
});

const get = operation(getInvoice, async ({ params, caller }) => {
  const file = await loadInvoiceFile(table, params.invoiceId);
  if (!file) throw noInvoice();
  assertOwn(caller, file.invoice.customerId, noInvoice);
  return { body: viewOf(file.invoice, file.lines, file.openItem) };
});

const replay = async (factId: string) => ({ body: await loadDisputeAnswer(table, factId) });

const dispute = operation(
  disputeInvoice,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const item = await loadOpenItem(table, params.invoiceId);
      if (!item) throw noInvoice();
      assertOwn(caller, item.customerId, noInvoice);
      return { body: await openDispute(table, item, body.reason, { actor: caller.name, at, remember }) };
    }),
  { replay },
);

const resolve = operation(
  resolveDispute,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const [item, dunning] = await Promise.all([
        loadOpenItem(table, params.invoiceId),
        policyInForce(table, 'dunning', dateIn(timeZone, at)),
      ]);
      if (!item) throw noInvoice();
      const clock = { dunning: dunning.policy, timeZone };
      const doing = { actor: caller.name, at, remember };
      return { body: await settleDispute(table, item, body.resolution, clock, doing) };
    }),
  { replay },
);

const lose = operation(
  writeOffInvoice,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const item = await loadOpenItem(table, params.invoiceId);
      if (!item) throw noInvoice();
      const doing = { actor: caller.name, at, timeZone, remember };
      return { body: await writeOff(table, item, body, doing) };
    }),
  { replay: async (factId) => ({ body: await loadWriteOffAnswer(table, factId) }) },
);

/** `/v1/invoices`: list, read, dispute, write off. */
export const handler = httpFunction(table, [list, get, dispute, resolve, lose]);
