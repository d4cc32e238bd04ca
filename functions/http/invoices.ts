import { dunningPolicy } from '#shared/collection/dunning-policy.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { sellerOf } from '#shared/company/seller-store.ts';
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
import { invoiceDeposit } from '#shared/deposit/deposit-api.ts';
import { draftDeposit } from '#shared/deposit/draft-deposit.ts';
import { issueDeposit } from '#shared/deposit/issue-deposit-store.ts';
import { documentRenderer } from '#shared/document/render-client.ts';
import { assertOwn, listedCustomer } from '#shared/http/caller.ts';
import { documentFormats, fileAnswer, negotiateFormat } from '#shared/http/document-format.ts';
import { type Answer, type Call, httpFunction, operation } from '#shared/http/http-function.ts';
import { queryPage } from '#shared/http/paging.ts';
import { billOrder } from '#shared/invoice/bill-store.ts';
import { creditNoteView, getCreditNote } from '#shared/invoice/credit-note-api.ts';
import { loadDisputeAnswer, openDispute, settleDispute } from '#shared/invoice/dispute-store.ts';
import type { Invoice } from '#shared/invoice/invoice.ts';
import {
  disputeInvoice,
  getInvoice,
  listInvoices,
  resolveDispute,
  summaryOf,
  viewOf,
  writeOffInvoice,
} from '#shared/invoice/invoice-api.ts';
import { invoiceOrder, issuedView } from '#shared/invoice/invoice-order-api.ts';
import {
  documentsOf,
  loadCreditNoteFile,
  loadDocuments,
  loadInvoice,
  loadInvoiceFile,
  loadOpenItem,
} from '#shared/invoice/invoice-store.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { loadWriteOffAnswer, writeOffInvoice as writeOff } from '#shared/invoice/write-off-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { type CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { asPlaced } from '#shared/order/as-placed.ts';
import { loadOrder, loadOrderFile } from '#shared/order/order-store.ts';
import { orderView } from '#shared/order/order-view.ts';
import { getProForma } from '#shared/order/pro-forma-api.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { calendarsFor } from '#shared/terms/calendar-store.ts';

const table = dynamoTable();
const company = companyFromEnv();
const { timeZone } = company;
const render = documentRenderer(process.env['RENDER_FUNCTION'] ?? '');

const noCustomer = () => new DomainError('customer_not_found', 'There is no such customer.');
const noOrder = () => new DomainError('order_not_found', 'There is no such order.');
const noInvoice = () => new DomainError('invoice_not_found', 'There is no such invoice.');
const noCreditNote = () => new DomainError('credit_note_not_found', 'There is no such credit note.');

const list = operation(listInvoices, async ({ query, caller }) => {
  const customerId = listedCustomer(caller, query.customerId, noCustomer);
  const page = await queryPage(table, documentsOf(customerId), query);
  const found = await loadDocuments(table, page.items);
  const items = found.map(({ document, openItem }) => summaryOf(document, openItem));
  return { body: { items, ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) } };
});

const get = operation(getInvoice, async ({ params, query, headers, caller }) => {
  const format = negotiateFormat(documentFormats, headers['accept'], query.format);
  if (format !== 'json') {
    const invoice = await loadInvoice(table, params.invoiceId);
    if (!invoice) throw noInvoice();
    assertOwn(caller, invoice.customerId, noInvoice);
    return fileAnswer(await render({ kind: 'invoice', id: invoice.invoiceId, format }));
  }
  const file = await loadInvoiceFile(table, params.invoiceId);
  if (!file) throw noInvoice();
  assertOwn(caller, file.invoice.customerId, noInvoice);
  return { body: viewOf(file.invoice, file.lines, file.openItem, file.delivery) };
});

const creditNote = operation(getCreditNote, async ({ params, query, headers, caller }) => {
  const format = negotiateFormat(documentFormats, headers['accept'], query.format);
  const file = await loadCreditNoteFile(table, params.creditNoteId);
  if (!file) throw noCreditNote();
  assertOwn(caller, file.creditNote.customerId, noCreditNote);
  return format === 'json'
    ? { body: creditNoteView(file.creditNote, file.lines) }
    : fileAnswer(await render({ kind: 'credit_note', id: params.creditNoteId, format }));
});

const proForma = operation(getProForma, async ({ params, query, headers, caller }) => {
  const format = negotiateFormat(getProForma.produces, headers['accept'], query.format);
  const file = await loadOrderFile(table, params.orderId);
  if (!file) throw noOrder();
  assertOwn(caller, file.order.customerId, noOrder);
  const { order, lines } = asPlaced(file);
  return format === 'json'
    ? { body: { ...orderView(order, lines), kind: 'pro_forma' } }
    : fileAnswer(await render({ kind: 'pro_forma', id: params.orderId, format }));
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
        policyInForce(table, dunningPolicy, dateIn(timeZone, at)),
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

const lose = operation(
  writeOffInvoice,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const file = await loadInvoiceFile(table, params.invoiceId, { consistent: true });
      if (!file) throw noInvoice();
      const doing = { actor: caller.name, at, timeZone, remember };
      return { body: await writeOff(table, file, body, doing) };
    }),
  { replay: async (factId) => ({ body: await loadWriteOffAnswer(table, factId) }) },
);

const bill = operation(
  invoiceOrder,
  async ({ params: { orderId }, caller, at, remember }) => {
    if (!(await loadOrder(table, orderId))) throw noOrder();
    const invoice = await billOrder(table, orderId, { company, actor: caller.name, at, remember });
    if (invoice) return issued(invoice);
    throw new DomainError('nothing_to_invoice', 'All that has shipped of the order is invoiced.');
  },
  { replay: async (id) => issued(await issuedInvoice(id)) },
);

const askDeposit = operation(
  invoiceDeposit,
  ({ params: { orderId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const today = dateIn(timeZone, at);
      const [file, seller, dunning, next] = await Promise.all([
        loadOrderFile(table, orderId),
        sellerOf(table, company),
        policyInForce(table, dunningPolicy, today),
        nextNumber(table, 'deposit', today),
      ]);
      if (!file) throw noOrder();
      const customer = await loadCustomer(table, file.order.customerId);
      if (!customer) throw noCustomer();
      const calendars = await calendarsFor(table, customer, today);
      const context = { customer, company, seller, at, dunning: dunning.policy, calendars };
      const draft = draftDeposit(body, { order: file.order, before: file.deposits }, context);
      return issued(await issueDeposit(table, draft, next, { actor: caller.name, remember }));
    }),
  { replay: async (id) => issued(await issuedInvoice(id)) },
);

async function issuedInvoice(id: string): Promise<Invoice> {
  const invoice = await loadInvoice(table, InvoiceId.parse(id), { consistent: true });
  if (!invoice) throw noInvoice();
  return invoice;
}

const issued = (invoice: Invoice) => ({
  status: 201,
  headers: { location: `/v1/invoices/${invoice.invoiceId}` },
  body: issuedView(invoice),
});

/** `/v1/invoices`: list, read, dispute, write off, send again; credit notes and pro formas. */
export const handler = httpFunction(table, [
  list,
  get,
  creditNote,
  proForma,
  dispute,
  resolve,
  lose,
  bill,
  askDeposit,
  resend,
  resendCredit,
  undelivered,
]);
