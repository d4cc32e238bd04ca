import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { loadLearnedPayer } from '#shared/bank/payer-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItems } from '#shared/invoice/invoice-store.ts';
import { type CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { aBankAccount, aMatch, aStatement, layStatement, STATEMENT_ID } from './bank-line.ts';
import { request, type Served } from './house.ts';
import type { RequestOptions } from './http-event.ts';
import { memoryTable } from './memory-table.ts';
import { owingCustomers } from './owing-customers.ts';

const at = Instant.parse('2026-04-01T08:00:00.000Z');
const today = CalendarDate.parse('2026-04-01');
const params = { statementId: STATEMENT_ID, line: '1' };

/**
 * Where a person decides on 1 April 2026 about a statement's only line. Harbour owes invoices 1 and 2, Okafor 3, each of
 * GBP 60.00. `reset` begins anew.
 */
export async function openBankDesk() {
  const { items: opening, invoices } = await owingCustomers();
  let table = memoryTable(opening);
  let calls = 0;

  const send = (operationId: Served, options: RequestOptions) =>
    request(table, operationId, { at, ...options });
  const post = (operationId: Served, to: Record<string, string>, body: unknown, key = `key-${++calls}`) =>
    send(operationId, { params: to, body, headers: { 'idempotency-key': key } });
  return {
    reset: () => {
      table = memoryTable(opening);
    },
    items: () => table.items(),
    done: async (operationId: Served, to: Record<string, string>, body: unknown) => {
      const answer = await post(operationId, to, body);
      if (answer.status !== 200 && answer.status !== 201) throw new Error(answer.text);
      return answer.json;
    },
    /** The line comes, and waits. */
    wait: async (
      entry: StatementEntry,
      match = aMatch({ outcome: 'queued', customerId: undefined, allocations: [] }),
    ) => {
      const statement = aStatement(entry.amount, 1);
      const actor = 'import-statement';
      const line = await workLine(table, {
        timeZone: 'Europe/London',
        statement,
        account: aBankAccount(),
        entry,
        match,
        at,
        today,
        actor,
      });
      await layStatement(table, statement, { [line.status]: 1 });
    },
    decide: (body: unknown, key?: string) => post('decideBankLine', params, body, key),
    undo: (reason = 'Was wrong') => post('undoBankLine', params, { reason }),
    line: async () => (await send('getBankLine', { params })).json,
    queue: async () => (await send('listBankLines', {})).json.items,
    reconcile: (on = '2026-04-01') =>
      send('reconcileBankAccount', { params: { bankAccountId: 'main' }, query: { on } }),
    /** How many lines of the statement are in which state. */
    counts: () => table.items(({ PK, SK }) => PK === STATEMENT_ID && SK === 'HEAD')[0],
    invoice: (n: number) => InvoiceId.parse(invoices[n - 1]),
    /** What is owed on every invoice that is owed at all. */
    openItems: async () => (await loadOpenItems(table, invoices)).filter(({ balance }) => balance > 0),
    owed: async (n: number) => {
      const [item] = await loadOpenItems(table, [InvoiceId.parse(invoices[n - 1])]);
      return item?.balance;
    },
    learned: (customerId: CustomerId) => loadLearnedPayer(table, customerId),
    /** What was booked at the bank that day, minor units. */
    atBank: async () =>
      (await loadEntriesOfDay(table, today))
        .flatMap(({ postings }) => postings)
        .reduce((sum, { account, amount }) => (account === 'bank' ? sum + amount : sum), 0),
    violations: async () => (await checkInvariants(table.items())).violations,
  };
}
