import { companyFromEnv } from '#shared/company/company.ts';
import { changeCustomer } from '#shared/customer/change-customer.ts';
import * as api from '#shared/customer/customer-api.ts';
import {
  listMails,
  loadCustomer,
  loadCustomerAndAccount,
  saveCustomerActions,
} from '#shared/customer/customer-store.ts';
import { documentRenderer } from '#shared/document/render-client.ts';
import { assertOwn } from '#shared/http/caller.ts';
import { fileAnswer, negotiateFormat } from '#shared/http/document-format.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { assertMatches } from '#shared/http/request.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { CustomerId } from '#shared/kernel/ids.ts';
import { type CalendarDate, dateIn } from '#shared/kernel/time.ts';
import type { Statement, StatementKind } from '#shared/statement/statement.ts';
import { assertShort, getStatement, periodAsked } from '#shared/statement/statement-api.ts';
import { loadOpenItemStatement, loadPeriodStatement } from '#shared/statement/statement-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const render = documentRenderer(process.env['RENDER_FUNCTION'] ?? '');

const customerNotFound = () => new DomainError('customer_not_found', 'There is no such customer.');

const put = operation(api.putCustomer, ({ params, body, caller, at, ifMatch }) =>
  onFreshRead(async () => {
    const before = await loadCustomer(table, params.customerId, { consistent: true });
    assertMatches(ifMatch, before?.version ?? 0);
    const next = changeCustomer(before, params.customerId, body);
    if (next) await commit(table, saveCustomerActions(before, next, { at, actor: caller.name }));
    const { version, body: view } = await viewOf(params.customerId);
    return { status: before ? 200 : 201, version, body: view };
  }),
);

const get = operation(api.getCustomer, async ({ params, caller }) => {
  assertOwn(caller, params.customerId, customerNotFound);
  return viewOf(params.customerId);
});

const communications = operation(api.getCommunications, async ({ params, query, caller }) => {
  assertOwn(caller, params.customerId, customerNotFound);
  const [customer, { items, nextCursor }] = await Promise.all([
    loadCustomer(table, params.customerId),
    listMails(table, params.customerId, query),
  ]);
  if (!customer) throw customerNotFound();
  return {
    body: {
      items: items.map((mail) => ({
        mailId: mail.mailId,
        kind: mail.kind,
        to: mail.to,
        subject: mail.subject,
        status: mail.status,
        at: mail.at,
        ...(mail.status === 'sent' && { sentAt: mail.sentAt }),
        ...(mail.bounced && { bounced: mail.bounced }),
      })),
      nextCursor,
    },
  };
});

const statement = operation(getStatement, async ({ params, query, headers, caller, at }) => {
  const { customerId } = params;
  const format = negotiateFormat(getStatement.produces, headers['accept'], query.format);
  assertOwn(caller, customerId, customerNotFound);
  const today = dateIn(timeZone, at);
  const found = await loadStatement(customerId, query, today);
  if (!found) throw customerNotFound();
  return format === 'json'
    ? { body: found }
    : fileAnswer(await render({ kind: 'statement', id: customerId, format, statement: found, today }));
});

export const handler = httpFunction(table, [put, get, communications, statement]);

async function loadStatement(
  customerId: CustomerId,
  { kind, ...asked }: { kind: StatementKind; from?: CalendarDate | undefined; to?: CalendarDate | undefined },
  today: CalendarDate,
): Promise<Statement | undefined> {
  switch (kind) {
    case 'open_item':
      return loadOpenItemStatement(table, customerId, today, timeZone);
    case 'period': {
      const found = await loadPeriodStatement(table, customerId, periodAsked(asked, today));
      assertShort(found?.movements.length ?? 0);
      return found;
    }
    default:
      return kind satisfies never;
  }
}

async function viewOf(customerId: CustomerId) {
  const found = await loadCustomerAndAccount(table, customerId, { consistent: true });
  if (!found) throw customerNotFound();
  return { version: found.customer.version, body: api.customerView(found.customer, found.account) };
}
