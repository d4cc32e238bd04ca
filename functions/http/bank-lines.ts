import * as api from '#shared/bank/bank-line-api.ts';
import { decideLine, loadDecidedLine } from '#shared/bank/decide-line-store.ts';
import { listWaiting, loadLine } from '#shared/bank/line-store.ts';
import { reconcileBank } from '#shared/bank/reconciliation-store.ts';
import { undoLine } from '#shared/bank/undo-line-store.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const replay = async (factId: string) => ({ body: await loadDecidedLine(table, factId) });

const list = operation(api.listBankLines, async ({ query }) => {
  const { lines, nextCursor } = await listWaiting(table, query.bankAccountId, query);
  return { body: { items: lines, ...(nextCursor !== undefined && { nextCursor }) } };
});

const get = operation(api.getBankLine, async ({ params }) => ({
  body: await loadLine(table, { bankStatementId: params.statementId, line: params.line }),
}));

const decide = operation(
  api.decideBankLine,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const reference = { bankStatementId: params.statementId, line: params.line };
      const doing = { at, today: dateIn(timeZone, at), actor: caller.name, timeZone, remember };
      return { body: await decideLine(table, reference, body, doing) };
    }),
  { replay },
);

const undo = operation(
  api.undoBankLine,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const reference = { bankStatementId: params.statementId, line: params.line };
      const doing = { at, today: dateIn(timeZone, at), actor: caller.name, timeZone, remember };
      return { body: await undoLine(table, reference, body.reason, doing) };
    }),
  { replay },
);

const reconcile = operation(api.reconcileBankAccount, async ({ params, query, at }) => ({
  body: await reconcileBank(table, params.bankAccountId, query.on ?? dateIn(timeZone, at)),
}));

/** Lines of bank statements: those that wait, decisions about them, and what bank and books differ by. */
export const handler = httpFunction(table, [list, get, decide, undo, reconcile]);
