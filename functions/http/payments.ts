import { companyFromEnv } from '#shared/company/company.ts';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { bankFile, wantsFile } from '#shared/direct-debit/bank-file.ts';
import type { DirectDebit } from '#shared/direct-debit/direct-debit.ts';
import * as debitApi from '#shared/direct-debit/direct-debit-api.ts';
import { loadDebitFile, loadItemPage, loadRun } from '#shared/direct-debit/direct-debit-store.ts';
import { createDirectDebit, loadAsCreated } from '#shared/direct-debit/fill-run-store.ts';
import { asSigned, firstOf, type Mandate } from '#shared/direct-debit/mandate.ts';
import * as mandateApi from '#shared/direct-debit/mandate-api.ts';
import * as mandates from '#shared/direct-debit/mandate-store.ts';
import {
  cancelRun,
  loadAsReleased,
  releaseFactId,
  releaseInvoices,
} from '#shared/direct-debit/release-run-store.ts';
import { assertOwn, isStaff, listedCustomer } from '#shared/http/caller.ts';
import { type Answer, httpFunction, operation } from '#shared/http/http-function.ts';
import { loadOpenItems } from '#shared/invoice/invoice-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { type CustomerId, DirectDebitId, newId, PaymentId } from '#shared/kernel/ids.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { allocatePayment, unallocatePayment } from '#shared/payment/allocate-payment.ts';
import {
  allocatedAnswer,
  allocationActions,
  changeFactId,
  loadAllocationsAnswer,
  unallocatedAnswer,
  unallocationActions,
} from '#shared/payment/allocation-store.ts';
import type { Payment } from '#shared/payment/payment.ts';
import * as api from '#shared/payment/payment-api.ts';
import * as changes from '#shared/payment/payment-change-api.ts';
import * as payments from '#shared/payment/payment-store.ts';
import { asRecorded, paymentView } from '#shared/payment/payment-view.ts';
import { loadRefundsOf } from '#shared/payment/provider-refund-store.ts';
import { recordPayment } from '#shared/payment/record-payment.ts';
import { loadRefundAnswer } from '#shared/payment/refund-store.ts';
import {
  loadReversalAnswer,
  loadUndoing,
  reversalActions,
  reversalAnswer,
  reversalFactId,
} from '#shared/payment/reversal-store.ts';
import { invoicesToReopen, reversePayment } from '#shared/payment/reverse-payment.ts';
import * as cash from '#shared/payment/unapplied-cash-api.ts';
import { listUnappliedCash, proposeForCustomer } from '#shared/payment/unapplied-cash-store.ts';
import { awaitConfirmation } from '#shared/payment/unconfirmed-store.ts';
import { refundPayment } from '#shared/refund/refund-api.ts';
import { refundOrRequest } from '#shared/refund/refund-store.ts';
import { loadAdvice, useAdvice } from '#shared/remittance/advice-store.ts';
import { allocationsOf } from '#shared/remittance/follow-advice.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

/** As many debits of a run its release is answered with. */
const RELEASED_SHOWN = 100;

const table = dynamoTable();
const company = companyFromEnv();
const { timeZone } = company;

const customerNotFound = () =>
  new DomainError('customer_not_found', 'There is no such customer.', {
    issues: [{ path: 'customerId', message: 'names no customer' }],
  });
const paymentNotFound = () => new DomainError('payment_not_found', 'There is no such payment.');

const record = operation(
  api.recordPayment,
  ({ body, caller, at, remember }) =>
    onFreshRead(async () => {
      const { adviceId, ...money } = body;
      const allocations =
        adviceId === undefined
          ? money.allocations
          : allocationsOf(await loadAdvice(table, adviceId, { consistent: true }), money);
      const [account, items] = await Promise.all([
        loadAccount(table, money.customerId, { consistent: true }),
        loadOpenItems(
          table,
          allocations.map(({ invoiceId }) => invoiceId),
        ),
      ]);
      if (!account) throw customerNotFound();
      const paymentId = newId('pay', at);
      const today = dateIn(timeZone, at);
      const incoming = { ...money, allocations };
      const recorded = recordPayment(incoming, account, items, { paymentId, at, today, by: caller.name });
      await commit(table, [
        remember(paymentId),
        ...payments.paymentActions(recorded),
        ...awaitConfirmation(recorded.payment),
        ...(adviceId === undefined ? [] : [useAdvice(adviceId, paymentId)]),
      ]);
      return created(recorded.payment);
    }),
  {
    replay: async (paymentId) => {
      const payment = await payments.loadPayment(table, PaymentId.parse(paymentId), { consistent: true });
      if (!payment) throw paymentNotFound();
      const fact = await payments.loadReceived(table, payment.paymentId);
      return created(asRecorded(payment, fact));
    },
  },
);

const refund = operation(
  refundPayment,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const doing = { caller, at, timeZone, remember };
      return { body: await refundOrRequest(table, params.paymentId, body, doing) };
    }),
  { replay: async (factId) => ({ body: await loadRefundAnswer(table, factId) }) },
);

const reverse = operation(
  changes.reversePayment,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const payment = await payments.loadPayment(table, params.paymentId, { consistent: true });
      if (!payment) throw paymentNotFound();
      const undoing = await loadUndoing(table, invoicesToReopen(payment, body.amount), { at, timeZone });
      const today = dateIn(timeZone, at);
      const reversed = reversePayment(payment, undoing, { ...body, at, today, by: caller.name });
      const factId = reversalFactId(reversed);
      await commit(table, [remember(factId), ...reversalActions(reversed)]);
      return { body: reversalAnswer(reversed) };
    }),
  { replay: async (factId) => ({ body: await loadReversalAnswer(table, factId) }) },
);

const allocate = operation(
  changes.allocatePayment,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const [payment, items] = await Promise.all([
        payments.loadPayment(table, params.paymentId, { consistent: true }),
        loadOpenItems(
          table,
          body.allocations.map(({ invoiceId }) => invoiceId),
        ),
      ]);
      if (!payment) throw paymentNotFound();
      const allocated = allocatePayment(payment, body.allocations, items, at);
      const factId = changeFactId(allocated.payment);
      const doing = { by: caller.name, at, today: dateIn(timeZone, at) };
      await commit(table, [remember(factId), ...allocationActions(allocated, doing)]);
      return { body: allocatedAnswer(allocated, doing) };
    }),
  { replay: async (factId) => ({ body: await loadAllocationsAnswer(table, factId) }) },
);

const unallocate = operation(
  changes.unallocatePayment,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const invoiceIds = body.allocations.map(({ invoiceId }) => invoiceId);
      const [payment, undoing] = await Promise.all([
        payments.loadPayment(table, params.paymentId, { consistent: true }),
        loadUndoing(table, invoiceIds, { at, timeZone }),
      ]);
      if (!payment) throw paymentNotFound();
      const undone = unallocatePayment(payment, body.allocations, undoing);
      const factId = changeFactId(undone.payment);
      const doing = { by: caller.name, at, today: dateIn(timeZone, at), reason: body.reason };
      await commit(table, [remember(factId), ...unallocationActions(undone, doing)]);
      return { body: unallocatedAnswer(undone, doing) };
    }),
  { replay: async (factId) => ({ body: await loadAllocationsAnswer(table, factId) }) },
);

const list = operation(api.listPayments, async ({ query, caller }) => {
  const customerId = listedCustomer(caller, query.customerId, customerNotFound);
  const { payments: found, nextCursor } = await payments.listPayments(table, customerId, query);
  const forStaff = isStaff(caller);
  return { body: { items: found.map((payment) => paymentView(payment, { forStaff })), nextCursor } };
});

const unapplied = operation(cash.listUnappliedCash, async ({ query: { customerId }, at }) => {
  if (customerId === undefined) return { body: { items: await listUnappliedCash(table) } };
  const [account, items] = await Promise.all([
    loadAccount(table, customerId),
    proposeForCustomer(table, customerId, dateIn(timeZone, at)),
  ]);
  if (!account) throw customerNotFound();
  return { body: { items } };
});

const get = operation(api.getPayment, async ({ params, caller }) => {
  const payment = await payments.loadPayment(table, params.paymentId);
  if (!payment) throw paymentNotFound();
  assertOwn(caller, payment.customerId, paymentNotFound);
  const refunds = payment.provider === undefined ? [] : await loadRefundsOf(table, payment.paymentId);
  return { body: paymentView(payment, { forStaff: isStaff(caller), refunds }) };
});

/** Named in the address, not in the body. */
const customerUnknown = () => new DomainError('customer_not_found', 'There is no such customer.');
const mandateNotFound = () => new DomainError('mandate_not_found', 'The customer has no such mandate.');

const signMandate = operation(
  mandateApi.createMandate,
  async ({ params, body, caller, at, remember }) => {
    const mandate = {
      ...body,
      ...params,
      status: 'active',
      sequence: firstOf(body),
      createdAt: at,
      createdBy: caller.name,
      version: 1,
    } as const;
    await commit(table, [remember(body.mandateId), ...mandates.signActions(mandate, caller.name)]);
    return { body: mandateApi.mandateView(mandate, true) };
  },
  {
    replay: async (mandateId, { params }) => {
      const mandate = asSigned(await knownMandate(params.customerId, mandateId));
      return { body: mandateApi.mandateView(mandate, true) };
    },
  },
);

const listOwnMandates = operation(mandateApi.listMandates, async ({ params, caller }) => {
  assertOwn(caller, params.customerId, customerUnknown);
  const [account, found] = await Promise.all([
    loadAccount(table, params.customerId),
    mandates.listMandates(table, params.customerId),
  ]);
  if (!account) throw customerUnknown();
  const whole = caller.roles.some((role) => role === 'finance' || role === 'admin');
  return { body: { items: found.map((mandate) => mandateApi.mandateView(mandate, whole)) } };
});

const revokeMandate = operation(
  mandateApi.revokeMandate,
  async ({ params, caller, at, remember }) => {
    const mandate = await knownMandate(params.customerId, params.mandateId);
    if (mandate.status !== 'active') {
      throw new DomainError(
        'mandate_not_active',
        `Mandate ${mandate.mandateId} is ${mandate.status} already.`,
      );
    }
    const revoked = { ...mandate, status: 'revoked', revokedAt: at, version: mandate.version + 1 } as const;
    await commit(table, [
      remember(mandate.mandateId),
      ...mandates.revokeActions(revoked, { at, actor: caller.name }),
    ]);
    return { body: mandateApi.mandateView(revoked, true) };
  },
  {
    replay: async (mandateId, { params }) => {
      const mandate = await knownMandate(params.customerId, mandateId);
      return { body: mandateApi.mandateView(mandate, true) };
    },
  },
);

const createDebit = operation(
  debitApi.createDirectDebit,
  ({ body, caller, at, remember }) =>
    onFreshRead(async () => {
      const directDebitId = newId('ddb', at);
      const doing = { company, directDebitId, at, actor: caller.name, remember };
      const { run, items } = await createDirectDebit(table, body, doing);
      return debitAnswer(run, { items });
    }),
  {
    replay: async (id) => {
      const { run, items } = await loadAsCreated(table, DirectDebitId.parse(id));
      return debitAnswer(run, { items });
    },
  },
);

const getDebit = operation(debitApi.getDirectDebit, async ({ params, query, headers }) => {
  const { directDebitId } = params;
  const run = await loadRun(table, directDebitId);
  if (wantsFile(run, headers['accept'])) {
    const text = bankFile(await loadDebitFile(table, directDebitId, query.file), query.file);
    return { text, headers: { vary: 'Accept' } };
  }
  return debitAnswer(run, await loadItemPage(table, directDebitId, query));
});

const releaseDebit = operation(
  debitApi.releaseDirectDebit,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const run = await loadRun(table, params.directDebitId);
      const doing = { timeZone, at, actor: caller.name, remember };
      const { reason, invoiceIds } = body;
      const next = invoiceIds
        ? await releaseInvoices(table, run, { reason, invoiceIds }, doing)
        : await cancelRun(table, run, reason, doing);
      return releasedAnswer(releaseFactId(next));
    }),
  { replay: releasedAnswer },
);

export const handler = httpFunction(table, [
  record,
  list,
  get,
  refund,
  reverse,
  allocate,
  unallocate,
  unapplied,
  signMandate,
  listOwnMandates,
  revokeMandate,
  createDebit,
  getDebit,
  releaseDebit,
]);

async function knownMandate(customerId: CustomerId, mandateId: string): Promise<Mandate> {
  const mandate = await mandates.loadMandate(table, customerId, mandateId);
  if (!mandate) throw mandateNotFound();
  return mandate;
}

/** As of then, whenever it is asked for: somebody else may release more meanwhile. */
async function releasedAnswer(factId: string): Promise<Answer> {
  const { run, items } = await loadAsReleased(table, factId, RELEASED_SHOWN);
  const page = await loadItemPage(table, run.directDebitId, { limit: RELEASED_SHOWN });
  return debitAnswer(run, { ...page, items });
}

function debitAnswer(run: DirectDebit, page: Parameters<typeof debitApi.directDebitView>[1]): Answer {
  const body = debitApi.directDebitView(run, page);
  return { body, headers: { location: body.links.self } };
}

/** Only staff record payments. A replay shows the payment as it was then. */
function created(payment: Payment): Answer {
  const body = paymentView(payment, { forStaff: true });
  return { body, headers: { location: body.links.self } };
}
