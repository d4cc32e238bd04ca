import { companyFromEnv } from '#shared/company/company.ts';
import { assessCredit } from '#shared/credit/assess-credit.ts';
import { creditPolicy } from '#shared/credit/credit-policy.ts';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { confirmOrder, holdOrder } from '#shared/order/accept-order.ts';
import { deskFor } from '#shared/order/hold-desk-store.ts';
import { confirmActions, holdActions, loadOrder } from '#shared/order/order-store.ts';
import { VerifiedOrderTask } from '#shared/order/order-task.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { commit } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();

const ACTOR = 'assess-credit';
/** Other orders of the customer may take the credit between reading and claiming it; each try reads anew. */
const TRIES = 10;

/** Task of `accept-order`: decides on credit and, in the same transaction, claims it or holds the order. */
export async function handler(event: unknown): Promise<{ decision: 'confirm' | 'hold' | 'settled' }> {
  const task = VerifiedOrderTask.parse(event);
  for (let attempt = 1; ; attempt++) {
    try {
      return await decide(task);
    } catch (error) {
      const raced =
        error instanceof DomainError && ['credit_limit_changed', 'version_conflict'].includes(error.code);
      if (!raced || attempt === TRIES) throw error;
    }
  }
}

async function decide({
  orderId,
  verification,
  at,
}: VerifiedOrderTask): Promise<{ decision: 'confirm' | 'hold' | 'settled' }> {
  const [order, policy] = await Promise.all([
    loadOrder(table, orderId, { consistent: true }),
    policyInForce(table, creditPolicy, dateIn(company.timeZone, at)),
  ]);
  if (!order) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
  if (order.status !== 'placed') return { decision: 'settled' };
  const account = await loadAccount(table, order.customerId, { consistent: true });
  if (!account) throw new DomainError('customer_not_found', `There is no account of ${order.customerId}.`);

  const credit = assessCredit(account, order, policy);
  if (credit.decision === 'confirm') {
    const confirmed = confirmOrder(order, credit, at, verification);
    await commit(table, confirmActions(order, confirmed, account, ACTOR));
  } else {
    const hold = await deskFor(table, company, credit.reasons, at);
    const held = holdOrder(order, credit.reasons, hold, at, verification);
    await commit(table, holdActions(order, held, ACTOR));
  }
  return { decision: credit.decision };
}
