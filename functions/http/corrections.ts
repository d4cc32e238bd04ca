import { dunningPolicy } from '#shared/collection/dunning-policy.ts';
import { nextActionAt } from '#shared/collection/next-action.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { sellerOf } from '#shared/company/seller-store.ts';
import { createCreditNote, reissuedOf, reissueInvoice } from '#shared/credit-note/credit-note-request.ts';
import { issueCreditNote, reissue } from '#shared/credit-note/credit-note-store.ts';
import { draftCreditNote } from '#shared/credit-note/draft-credit-note.ts';
import { draftReissue } from '#shared/credit-note/draft-reissue.ts';
import { netCredit, unnetCredit } from '#shared/credit-note/net-credit.ts';
import { allocateCreditNote, unallocateCreditNote } from '#shared/credit-note/net-credit-api.ts';
import { loadNettingAnswer, recordNetting } from '#shared/credit-note/net-credit-store.ts';
import * as transfers from '#shared/credit-transfer/credit-transfer-api.ts';
import {
  createCreditTransfer,
  finishCollecting,
  loadCreditTransfer,
} from '#shared/credit-transfer/credit-transfer-store.ts';
import { listWaitingTransfers } from '#shared/credit-transfer/refund-transfer-store.ts';
import {
  cancelWaitingTransfer,
  releaseCreditTransfer,
} from '#shared/credit-transfer/release-credit-transfer-store.ts';
import { type TransferFile, transferFile } from '#shared/credit-transfer/transfer-file.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { loadDeposits } from '#shared/deposit/deposit-store.ts';
import { type Answer, httpFunction, operation } from '#shared/http/http-function.ts';
import { creditNoteView } from '#shared/invoice/credit-note-api.ts';
import type { CreditNote, Invoice, InvoiceLine } from '#shared/invoice/invoice.ts';
import {
  loadCreditNoteFile,
  loadInvoice,
  loadInvoiceFile,
  loadOpenCredit,
  loadOpenItems,
} from '#shared/invoice/invoice-store.ts';
import { firstDueOn } from '#shared/invoice/issue-invoice.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { CreditNoteId, CreditTransferId, InvoiceId, newId } from '#shared/kernel/ids.ts';
import { dateIn, type Instant } from '#shared/kernel/time.ts';
import { loadFailedRefunds } from '#shared/payment/provider-refund-store.ts';
import { loadRefundAnswer } from '#shared/payment/refund-store.ts';
import { loadUndoing } from '#shared/payment/reversal-store.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import * as refunds from '#shared/refund/refund-api.ts';
import { decideRefund, listRefunds, payOutOrRequest } from '#shared/refund/refund-store.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { calendarsFor } from '#shared/terms/calendar-store.ts';

const table = dynamoTable();
const company = companyFromEnv();

/** The invoice to correct with its customer, and what a document of today needs. */
async function loadBasis(invoiceId: InvoiceId, at: Instant) {
  const today = dateIn(company.timeZone, at);
  const [from, seller, number] = await Promise.all([
    loadInvoiceFile(table, invoiceId, { consistent: true }),
    sellerOf(table, company),
    nextNumber(table, 'creditNote', today),
  ]);
  if (!from) throw new DomainError('invoice_not_found', 'There is no such invoice.');
  const customer = await loadCustomer(table, from.invoice.customerId);
  if (!customer) throw new RangeError(`there is no customer ${from.invoice.customerId}`);
  return { from, customer, seller, today, at, number };
}

const credit = operation(
  createCreditNote,
  ({ params, body: request, caller, at, remember }) =>
    onFreshRead(async () => {
      const { number, ...basis } = await loadBasis(params.invoiceId, at);
      const { invoice } = basis.from;
      const [order] = invoice.orders;
      const deposits =
        invoice.type === 'deposit' && order ? await loadDeposits(table, order.orderId) : undefined;
      const draft = draftCreditNote({ request, ...basis, deposits });
      const issued = await issueCreditNote(table, draft, number, { actor: caller.name, remember });
      return created(issued, draft.lines);
    }),
  {
    replay: async (id) => {
      const file = await loadCreditNoteFile(table, CreditNoteId.parse(id));
      if (!file) throw new RangeError(`there is no credit note ${id}`);
      return created(file.creditNote, file.lines);
    },
  },
);

const anew = operation(
  reissueInvoice,
  ({ params, body: request, caller, at, remember }) =>
    onFreshRead(async () => {
      const { number, ...basis } = await loadBasis(params.invoiceId, at);
      const [{ policy: dunning }, calendars, next] = await Promise.all([
        policyInForce(table, dunningPolicy, basis.today),
        calendarsFor(table, basis.customer, basis.today),
        nextNumber(table, 'invoice', basis.today),
      ]);
      const draft = draftReissue({ request, ...basis, calendars });
      const dueOn = firstDueOn(draft.invoice);
      const invoice = await reissue(
        table,
        draft,
        { creditNote: number, invoice: next },
        {
          actor: caller.name,
          remember,
          nextActionAt: nextActionAt({ dueOn, dunningStep: 0 }, dunning, company.timeZone),
        },
      );
      return anewAnswer(invoice);
    }),
  {
    replay: async (id) => {
      const invoice = await loadInvoice(table, InvoiceId.parse(id), { consistent: true });
      if (!invoice) throw new RangeError(`there is no invoice ${id}`);
      return anewAnswer(invoice);
    },
  },
);

const creditNoteNotFound = () => new DomainError('credit_note_not_found', 'There is no such credit note.');

const allocate = operation(
  allocateCreditNote,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const invoiceIds = body.allocations.map(({ invoiceId }) => invoiceId);
      const [found, items] = await Promise.all([
        loadOpenCredit(table, params.creditNoteId),
        loadOpenItems(table, invoiceIds),
      ]);
      if (!found) throw creditNoteNotFound();
      const today = dateIn(company.timeZone, at);
      const netted = netCredit(found, body.allocations, items, { at, today });
      return { body: await recordNetting(table, netted, { by: caller.name, at, today, remember }) };
    }),
  { replay: async (factId) => ({ body: await loadNettingAnswer(table, factId) }) },
);

const unallocate = operation(
  unallocateCreditNote,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const invoiceIds = body.allocations.map(({ invoiceId }) => invoiceId);
      const [found, undoing] = await Promise.all([
        loadOpenCredit(table, params.creditNoteId),
        loadUndoing(table, invoiceIds, { at, timeZone: company.timeZone }),
      ]);
      if (!found) throw creditNoteNotFound();
      const taken = unnetCredit(found, body.allocations, undoing);
      const doing = { by: caller.name, at, today: dateIn(company.timeZone, at), remember };
      return { body: await recordNetting(table, taken, doing, body.reason) };
    }),
  { replay: async (factId) => ({ body: await loadNettingAnswer(table, factId) }) },
);

const payOut = operation(
  refunds.refundCreditNote,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const doing = { caller, at, timeZone: company.timeZone, remember };
      return { body: await payOutOrRequest(table, params.creditNoteId, body, doing) };
    }),
  { replay: async (factId) => ({ body: await loadRefundAnswer(table, factId) }) },
);

const approve = operation(
  refunds.approveRefund,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const doing = { caller, at, timeZone: company.timeZone, remember };
      const outcome = { status: 'done', decision: body.reason } as const;
      return { body: await decideRefund(table, params.refundId, outcome, doing) };
    }),
  { replay: async (factId) => ({ body: await loadRefundAnswer(table, factId) }) },
);

const reject = operation(
  refunds.rejectRefund,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const doing = { caller, at, timeZone: company.timeZone, remember };
      const outcome = { status: 'rejected', decision: body.reason } as const;
      return { body: await decideRefund(table, params.refundId, outcome, doing) };
    }),
  { replay: async (factId) => ({ body: await loadRefundAnswer(table, factId) }) },
);

const waiting = operation(refunds.listRefunds, async () => {
  const [items, failed] = await Promise.all([listRefunds(table), loadFailedRefunds(table)]);
  return { body: { items, failed: failed.map(refunds.failedRefundView) } };
});

const listTransfers = operation(transfers.listRefundTransfers, async () => ({
  body: { items: (await listWaitingTransfers(table)).map(transfers.waitingTransferView) },
}));

const cancelTransfer = operation(
  transfers.cancelRefundTransfer,
  ({ params: { endToEndId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const doing = { company, at, actor: caller.name, remember };
      await cancelWaitingTransfer(table, endToEndId, body.reason, doing);
      return { body: { endToEndId, status: 'undone' as const } };
    }),
  { replay: async (_factId, { params }) => ({ body: { ...params, status: 'undone' as const } }) },
);

const createTransfer = operation(
  transfers.createCreditTransfer,
  ({ body, caller, at, remember }) =>
    onFreshRead(async () => {
      const creditTransferId = newId('ctr', at);
      const doing = { company, creditTransferId, at, actor: caller.name, remember };
      return transferAnswer(await createCreditTransfer(table, body, doing));
    }),
  {
    // One that broke off goes on.
    replay: async (id, { at, caller }) => {
      const doing = { at, actor: caller.name };
      return transferAnswer(
        transfers.asReady(await finishCollecting(table, CreditTransferId.parse(id), doing)),
      );
    },
  },
);

const getTransfer = operation(transfers.getCreditTransfer, async ({ params, headers }) => {
  const found = await loadRun(params.creditTransferId);
  const text = transferFile(found, headers['accept']);
  return text ? { text, headers: { vary: 'Accept' } } : transferAnswer(found);
});

const releaseTransfer = operation(
  transfers.releaseCreditTransfer,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const doing = { company, at, actor: caller.name, remember };
      await releaseCreditTransfer(table, await loadRun(params.creditTransferId), body, doing);
      return transferAnswer(await loadRun(params.creditTransferId));
    }),
  { replay: async (id) => transferAnswer(await loadRun(CreditTransferId.parse(id))) },
);

async function loadRun(creditTransferId: CreditTransferId): Promise<TransferFile> {
  const found = await loadCreditTransfer(table, creditTransferId);
  if (!found) throw new DomainError('credit_transfer_not_found', 'There is no such credit transfer run.');
  return found;
}

function transferAnswer(file: TransferFile): Answer {
  const body = transfers.creditTransferView(file);
  return { body, headers: { location: body.links.self } };
}

function anewAnswer(invoice: Invoice): Answer {
  const body = reissuedOf(invoice);
  return { status: 201, headers: { location: body.links.invoice }, body };
}

function created(creditNote: CreditNote, lines: readonly InvoiceLine[]): Answer {
  const body = creditNoteView(creditNote, [...lines]);
  return { status: 201, headers: { location: body.links.self }, body };
}

/**
 * `/v1/invoices/{invoiceId}/credit-notes` and `…/reissue`, `/v1/credit-notes/{creditNoteId}/allocations` and `…/refunds`,
 * decisions about refunds, credit transfer runs.
 */
export const handler = httpFunction(table, [
  credit,
  anew,
  allocate,
  unallocate,
  payOut,
  approve,
  reject,
  waiting,
  listTransfers,
  cancelTransfer,
  createTransfer,
  getTransfer,
  releaseTransfer,
]);
