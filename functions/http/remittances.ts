import { companyFromEnv } from '#shared/company/company.ts';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { assertOwn, type Caller, isStaff, listedCustomer } from '#shared/http/caller.ts';
import { type Answer, type Call, httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { AdviceId, type CustomerId, newId } from '#shared/kernel/ids.ts';
import { type CalendarDate, dateIn } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import * as advices from '#shared/remittance/advice-store.ts';
import { type Announcement, adviseRemittance, withdrawAdvice } from '#shared/remittance/advise-remittance.ts';
import { readAdviceCsv } from '#shared/remittance/read-advice-csv.ts';
import type { RemittanceAdvice } from '#shared/remittance/remittance-advice.ts';
import * as remittanceApi from '#shared/remittance/remittance-api.ts';
import { remittancePolicy } from '#shared/remittance/remittance-policy.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const customerNotFound = () =>
  new DomainError('customer_not_found', 'There is no such customer.', {
    issues: [{ path: 'customerId', message: 'names no customer' }],
  });

const advise = operation(
  remittanceApi.adviseRemittance,
  ({ body, caller, at, remember }) =>
    announce(
      { ...body, customerId: advisingCustomer(caller, body.customerId), source: 'api' },
      { caller, at, remember },
    ),
  { replay: replayedAdvice },
);

const importAdvice = operation(
  remittanceApi.importRemittance,
  ({ query, body, caller, at, remember }) => {
    const rows = readAdviceCsv(body, query.currency);
    const announced = {
      ...query,
      customerId: advisingCustomer(caller, query.customerId),
      source: 'csv' as const,
      total: query.total ?? rows.reduce((sum, { amount }) => sum + amount, 0),
      invoices: rows,
    };
    return announce(announced, { caller, at, remember }, (index) => `lines.${rows[index]?.line ?? 0}`);
  },
  { replay: replayedAdvice },
);

const listAdvised = operation(remittanceApi.listRemittanceAdvices, async ({ query, caller, at }) => {
  const customerId = listedCustomer(caller, query.customerId, customerNotFound);
  const { advices: found, nextCursor } = await advices.listAdvices(table, customerId, query);
  const today = dateIn(timeZone, at);
  return { body: { items: found.map((advice) => remittanceApi.adviceView(advice, today)), nextCursor } };
});

const getAdvised = operation(remittanceApi.getRemittanceAdvice, async ({ params, caller, at }) => {
  const advice = await ownAdvice(params.adviceId, caller);
  return { body: remittanceApi.adviceView(advice, dateIn(timeZone, at)) };
});

const withdraw = operation(
  remittanceApi.withdrawRemittanceAdvice,
  ({ params, caller, at, remember }) =>
    onFreshRead(async () => {
      const advice = await ownAdvice(params.adviceId, caller);
      const next = withdrawAdvice(advice, { at, by: caller.name });
      await commit(table, [remember(advice.adviceId), ...advices.withdrawalActions(next, advice.version)]);
      return { body: remittanceApi.adviceView(next, dateIn(timeZone, at)) };
    }),
  {
    // Nothing happens to an advice once it is withdrawn.
    replay: async (_, { params, caller, at }) => {
      const advice = await ownAdvice(params.adviceId, caller);
      return { body: remittanceApi.adviceView(advice, dateIn(timeZone, at)) };
    },
  },
);

export const handler = httpFunction(table, [advise, importAdvice, listAdvised, getAdvised, withdraw]);

/** Whose payment it is: a customer's own, or of the one that staff name. @throws DomainError `customer_not_found` */
function advisingCustomer(caller: Caller, asked: CustomerId | undefined): CustomerId {
  const customerId = asked ?? (isStaff(caller) ? undefined : caller.customerId);
  if (!customerId) throw customerNotFound();
  assertOwn(caller, customerId, customerNotFound);
  return customerId;
}

async function announce(
  announced: Announcement,
  { caller, at, remember }: Pick<Call, 'caller' | 'at' | 'remember'>,
  placeOf?: (index: number) => string,
): Promise<Answer> {
  const today = dateIn(timeZone, at);
  const [account, items, { policy }] = await Promise.all([
    loadAccount(table, announced.customerId),
    advices.loadNamedItems(table, announced.invoices),
    policyInForce(table, remittancePolicy, today),
  ]);
  if (!account) throw customerNotFound();
  const moment = { adviceId: newId('adv', at), at, today, by: caller.name, policy };
  const advice = adviseRemittance(announced, account, items, moment, placeOf);
  await commit(table, [remember(advice.adviceId), ...advices.adviceActions(advice)]);
  return advised(advice, today);
}

async function ownAdvice(adviceId: AdviceId, caller: Caller): Promise<RemittanceAdvice> {
  const advice = await advices.loadAdvice(table, adviceId, { consistent: true });
  if (!advice) throw advices.adviceNotFound();
  assertOwn(caller, advice.customerId, advices.adviceNotFound);
  return advice;
}

/** As it was advised, whatever became of it. */
async function replayedAdvice(adviceId: string): Promise<Answer> {
  const advice = await advices.loadAdvice(table, AdviceId.parse(adviceId), { consistent: true });
  if (!advice) throw advices.adviceNotFound();
  return advised(advices.asAdvised(advice), dateIn(timeZone, advice.advisedAt));
}

function advised(advice: RemittanceAdvice, today: CalendarDate): Answer {
  const body = remittanceApi.adviceView(advice, today);
  return { body, headers: { location: body.links.self } };
}
