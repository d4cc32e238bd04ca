import { assertAbout } from '#shared/case/about-store.ts';
import {
  assignCase,
  type CaseStep,
  openCase,
  reopenCase,
  resolveCase,
  sayInCase,
} from '#shared/case/advance-case.ts';
import * as api from '#shared/case/case-api.ts';
import {
  type CaseFile,
  caseActions,
  listCases,
  listOpenCases,
  loadCase,
  loadCaseClock,
} from '#shared/case/case-store.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { assertOwn, type Caller, isStaff, listedCustomer } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { CaseId } from '#shared/kernel/ids.ts';
import { customerNotFound } from '#shared/order/pricing-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();

const caseNotFound = () => new DomainError('case_not_found', 'There is no such case.');

const open = operation(
  api.openCase,
  async ({ body, caller, at, remember }) => {
    const customerId = listedCustomer(caller, body.customerId, customerNotFound);
    const { kind, subject, text, about, priority = 'normal' } = body;
    if (body.priority && !isStaff(caller)) refuseStaffOnly('priority');
    const [customer, clock] = await Promise.all([
      loadCustomer(table, customerId),
      loadCaseClock(table, company, at),
      about && assertAbout(table, customerId, about),
    ]);
    if (!customer) throw customerNotFound();
    const from = isStaff(caller) ? ('us' as const) : ('customer' as const);
    const opening = { customerId, kind, priority, subject, text, about, by: caller.name, from };
    const step = openCase(opening, clock, at);
    const { caseId } = step.next;
    const data = { caseId, kind, ...(about && { about }) };
    await commit(table, [
      remember(caseId),
      ...caseActions(undefined, step, { type: 'case.opened', data }, { at, actor: caller.name }),
    ]);
    return { headers: { location: `/v1/cases/${caseId}` }, body: viewOf(fileAfter(undefined, step), caller) };
  },
  {
    replay: async (caseId, { caller }) => ({
      body: viewOf(await ownCase(CaseId.parse(caseId), caller), caller),
    }),
  },
);

const get = operation(api.getCase, async ({ params, caller }) => {
  const file = await ownCase(params.caseId, caller);
  return { version: file.case.version, body: viewOf(file, caller) };
});

const list = operation(api.listCases, async ({ query, caller }) => {
  const customerId = listedCustomer(caller, query.customerId, customerNotFound);
  const { cases, nextCursor } = await listCases(table, customerId, query);
  return { body: { items: cases.map(api.caseSummary), nextCursor } };
});

/** The answer as the case stands now: what was said stays said. */
const replay = async (caseId: string, { caller }: { caller: Caller }) => ({
  body: viewOf(await ownCase(CaseId.parse(caseId), caller), caller),
});

const reply = operation(
  api.replyToCase,
  ({ params: { caseId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const { text, internal, awaitsReply } = body;
      if ((internal || awaitsReply) && !isStaff(caller))
        refuseStaffOnly(internal ? 'internal' : 'awaitsReply');
      const [file, clock] = await Promise.all([ownCase(caseId, caller), loadCaseClock(table, company, at)]);
      const from = isStaff(caller) ? ('us' as const) : ('customer' as const);
      const step = sayInCase(file.case, { by: caller.name, from, text, internal, awaitsReply }, clock, at);
      const { message } = step.message;
      const flags = { ...(internal && { internal }), ...(awaitsReply && { awaitsReply }) };
      const told = { type: 'case.replied' as const, data: { caseId, message, from, ...flags } };
      await commit(table, [
        remember(caseId),
        ...caseActions(file.case, step, told, { at, actor: caller.name }),
      ]);
      return { body: viewOf(fileAfter(file, step), caller) };
    }),
  { replay },
);

const assign = operation(api.assignCase, ({ params: { caseId }, body, caller, at }) =>
  onFreshRead(async () => {
    const file = await ownCase(caseId, caller);
    const owner = body.to ?? { id: caller.id, name: caller.name };
    if (file.case.owner?.id === owner.id) return { body: viewOf(file, caller) };
    const step = assignCase(file.case, owner);
    const told = { type: 'case.assigned' as const, data: { caseId, owner: owner.name } };
    await commit(table, caseActions(file.case, step, told, { at, actor: caller.name }));
    return { body: viewOf(fileAfter(file, step), caller) };
  }),
);

const resolve = operation(
  api.resolveCase,
  ({ params: { caseId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const file = await ownCase(caseId, caller);
      const step = resolveCase(file.case, { ...body, by: caller.name }, at);
      const told = { type: 'case.resolved' as const, data: { caseId, resolution: body.resolution } };
      await commit(table, [
        remember(caseId),
        ...caseActions(file.case, step, told, { at, actor: caller.name }),
      ]);
      return { body: viewOf(fileAfter(file, step), caller) };
    }),
  { replay },
);

const reopen = operation(
  api.reopenCase,
  ({ params: { caseId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const [file, clock] = await Promise.all([ownCase(caseId, caller), loadCaseClock(table, company, at)]);
      const from = isStaff(caller) ? ('us' as const) : ('customer' as const);
      const step = reopenCase(file.case, { by: caller.name, from, text: body.text }, clock, at);
      const told = { type: 'case.reopened' as const, data: { caseId, message: step.message.message } };
      await commit(table, [
        remember(caseId),
        ...caseActions(file.case, step, told, { at, actor: caller.name }),
      ]);
      return { body: viewOf(fileAfter(file, step), caller) };
    }),
  { replay },
);

const queue = operation(api.listOpenCases, async ({ query: { mine, overdue }, caller, at }) => {
  const found = await listOpenCases(table);
  const items = found
    .map((each) => ({ ...each, overdue: each.dueAt !== undefined && each.dueAt <= at }))
    .filter((each) => mine === undefined || (each.owner?.id === caller.id) === mine)
    .filter((each) => overdue === undefined || each.overdue === overdue);
  return { body: { items } };
});

export const handler = httpFunction(table, [open, get, list, reply, assign, resolve, reopen, queue]);

async function ownCase(caseId: CaseId, caller: Caller): Promise<CaseFile> {
  const file = await loadCase(table, caseId);
  if (!file) throw caseNotFound();
  assertOwn(caller, file.case.customerId, caseNotFound);
  return file;
}

function fileAfter(before: CaseFile | undefined, { next, message }: CaseStep): CaseFile {
  return { case: next, messages: [...(before?.messages ?? []), ...(message ? [message] : [])] };
}

/** Customers see what was said to them. */
function viewOf({ case: found, messages }: CaseFile, caller: Caller) {
  const shown = isStaff(caller) ? messages : messages.filter(({ internal }) => !internal);
  return { ...api.caseSummary(found), messages: shown };
}

function refuseStaffOnly(path: string): never {
  throw new DomainError('validation_failed', 'Only staff may say so.', {
    issues: [{ path, message: 'is for staff' }],
  });
}
