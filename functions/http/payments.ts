import { companyFromEnv } from '#shared/company/company.ts';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { assertOwn, isStaff, listedCustomer } from '#shared/http/caller.ts';
import { type Answer, httpFunction, operation } from '#shared/http/http-function.ts';
import { loadOpenItems } from '#shared/invoice/invoice-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { newId, PaymentId } from '#shared/kernel/ids.ts';
import { dateIn } from '#shared/kernel/time.ts';
import type { Payment } from '#shared/payment/payment.ts';
import * as api from '#shared/payment/payment-api.ts';
import * as payments from '#shared/payment/payment-store.ts';
import { asRecorded, paymentView } from '#shared/payment/payment-view.ts';
import { recordPayment } from '#shared/payment/record-payment.ts';
import { loadRefundAnswer, recordRefund } from '#shared/payment/refund-store.ts';
import { awaitConfirmation } from '#shared/payment/unconfirmed-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const customerNotFound = () =>
  new DomainError('customer_not_found', 'There is no such customer.', {
    issues: [{ path: 'customerId', message: 'names no customer' }],
  });
const paymentNotFound = () => new DomainError('payment_not_found', 'There is no such payment.');

const record = operation(
  api.recordPayment,
  ({ body, caller, at, remember }) =>
    onFreshRead(async () => {
      const [account, items] = await Promise.all([
        loadAccount(table, body.customerId, { consistent: true }),
        loadOpenItems(
          table,
          body.allocations.map(({ invoiceId }) => invoiceId),
        ),
      ]);
      if (!account) throw customerNotFound();
      const paymentId = newId('pay', at);
      const today = dateIn(timeZone, at);
      const recorded = recordPayment(body, account, items, { paymentId, at, today, by: caller.name });
      await commit(table, [
        remember(paymentId),
        ...payments.paymentActions(recorded),
        ...awaitConfirmation(recorded.payment),
      ]);
      return created(recorded.payment);
    }),
  {
    replay: async (paymentId) => {
      const payment = await payments.loadPayment(table, PaymentId.parse(paymentId), { consistent: true });
      if (!payment) throw paymentNotFound();
      return created(asRecorded(payment));
    },
  },
);

const refund = operation(
  api.refundPayment,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const payment = await payments.loadPayment(table, params.paymentId, { consistent: true });
      if (!payment) throw paymentNotFound();
      const doing = { actor: caller.name, at, timeZone, remember };
      return { body: await recordRefund(table, payment, body, doing) };
    }),
  { replay: async (factId) => ({ body: await loadRefundAnswer(table, factId) }) },
);

const list = operation(api.listPayments, async ({ query, caller }) => {
  const customerId = listedCustomer(caller, query.customerId, customerNotFound);
  const { payments: found, nextCursor } = await payments.listPayments(table, customerId, query);
  const forStaff = isStaff(caller);
  return { body: { items: found.map((payment) => paymentView(payment, { forStaff })), nextCursor } };
});

const get = operation(api.getPayment, async ({ params, caller }) => {
  const payment = await payments.loadPayment(table, params.paymentId);
  if (!payment) throw paymentNotFound();
  assertOwn(caller, payment.customerId, paymentNotFound);
  return { body: paymentView(payment, { forStaff: isStaff(caller) }) };
});

export const handler = httpFunction(table, [record, list, get, refund]);

/** Only staff record payments. A replay shows the payment as it was then. */
function created(payment: Payment): Answer {
  const body = paymentView(payment, { forStaff: true });
  return { body, headers: { location: body.links.self } };
}
