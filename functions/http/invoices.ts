import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { newDelivery, requestAgain } from '#shared/delivery/change-delivery.ts';
import type { DocumentId } from '#shared/delivery/delivery.ts';
import * as deliveryApi from '#shared/delivery/delivery-api.ts';
import {
  changeDelivery,
  deliveryFactId,
  listUndelivered,
  loadDeliveryRequest,
} from '#shared/delivery/delivery-store.ts';
import { type Ask, nextChannel } from '#shared/delivery/plan-delivery.ts';
import { assertOwn, listedCustomer } from '#shared/http/caller.ts';
import { type Answer, type Call, httpFunction, operation } from '#shared/http/http-function.ts';
import { queryPage } from '#shared/http/paging.ts';
import { loadDisputeAnswer, openDispute, settleDispute } from '#shared/invoice/dispute-store.ts';
import {
  disputeInvoice,
  getInvoice,
  listInvoices,
  resolveDispute,
  summaryOf,
  viewOf,
} from '#shared/invoice/invoice-api.ts';
import {
  documentsOf,
  loadCreditNoteFile,
  loadDocuments,
  loadInvoice,
  loadInvoiceFile,
  loadOpenItem,
} from '#shared/invoice/invoice-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { CustomerId } from '#shared/kernel/ids.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const noCustomer = () => new DomainError('customer_not_found', 'There is no such customer.');
const noInvoice = () => new DomainError('invoice_not_found', 'There is no such invoice.');
const noCreditNote = () => new DomainError('credit_note_not_found', 'There is no such credit note.');

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
  return { body: viewOf(file.invoice, file.lines, file.openItem, file.delivery) };
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

const replayRequest = async (factId: string) => ({ body: await loadDeliveryRequest(table, factId) });

const resend = operation(
  deliveryApi.resendInvoice,
  async (call) => {
    const invoice = await loadInvoice(table, call.params.invoiceId);
    if (!invoice) throw noInvoice();
    return sendAgain({ ...invoice, documentId: invoice.invoiceId }, call);
  },
  { replay: replayRequest },
);

const resendCredit = operation(
  deliveryApi.resendCreditNote,
  async (call) => {
    const file = await loadCreditNoteFile(table, call.params.creditNoteId);
    if (!file) throw noCreditNote();
    return sendAgain({ ...file.creditNote, documentId: file.creditNote.creditNoteId }, call);
  },
  { replay: replayRequest },
);

/** Records the request; `deliver-document` sends on its fact. */
async function sendAgain(
  document: { documentId: DocumentId; number: string; customerId: CustomerId },
  { body, caller, at, remember }: Pick<Call, 'caller' | 'at' | 'remember'> & { body: Ask },
): Promise<Answer> {
  const { documentId, customerId } = document;
  const customer = await loadCustomer(table, customerId);
  if (!customer) throw noCustomer();
  const channel = nextChannel(customer, body);
  const asked = await changeDelivery(
    table,
    documentId,
    (found) =>
      found ? requestAgain(found, channel, at) : { ...newDelivery(document, channel, at), version: 1 },
    { actor: caller.name, at, timeZone },
    remember,
  );
  if (!asked) throw new RangeError(`${documentId} was not asked for again`);
  return { body: await loadDeliveryRequest(table, deliveryFactId(asked)) };
}

const undelivered = operation(deliveryApi.listUndeliveredInvoices, async () => ({
  body: { items: await listUndelivered(table) },
}));

/** `/v1/invoices`: list, read, dispute, send again. */
export const handler = httpFunction(table, [list, get, dispute, resolve, resend, resendCredit, undelivered]);
