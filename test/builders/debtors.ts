import { type BankLine, type BankStatement, BankStatementId } from '#shared/bank/bank-line.ts';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { continueRun } from '#shared/direct-debit/continue-run-store.ts';
import type { DebitItem, DirectDebit } from '#shared/direct-debit/direct-debit.ts';
import { createDirectDebit } from '#shared/direct-debit/fill-run-store.ts';
import { Mandate } from '#shared/direct-debit/mandate.ts';
import { signActions } from '#shared/direct-debit/mandate-store.ts';
import { rememberKey } from '#shared/http/idempotency.ts';
import { bankAgrees } from '#shared/invariant/bank.ts';
import { debitsAreClaimedOnce, settledRunsArePayments } from '#shared/invariant/direct-debits.ts';
import { readPicture } from '#shared/invariant/read-picture.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId, DirectDebitId } from '#shared/kernel/ids.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { commit } from '#shared/table/commit.ts';
import type { Table } from '#shared/table/table.ts';
import { aBankAccount, aMatch, anEntry, aStatement, layStatement } from './bank-line.ts';
import { aCompany } from './company.ts';
import { aCustomer } from './customer.ts';
import { keepCustomer } from './issued-invoices.ts';
import { type MemoryTable, memoryTable } from './memory-table.ts';
import { openInvoice } from './open-invoice.ts';

/** When runs are made, collected and their money comes. */
export const MADE_AT = instant('2026-03-31T10:00:00Z');
export const COLLECT_ON = CalendarDate.parse('2026-04-15');
export const PAID_AT = instant('2026-04-16T08:00:00Z');
export const RUN_ID = DirectDebitId.parse('ddb_01k0000000000000000000000e');
/** As the files of that run name it. */
export const MESSAGE_ID = '01K0000000000000000000000E';

const debtorOf = (n: number) => CustomerId.parse(`cus_d${String(n).padStart(4, '0')}`);

/** Customers of whom the `n`-th owes `owes[n]` invoices of EUR 100.00, all under mandates never used. */
export async function debtors(owes: readonly number[]): Promise<MemoryTable> {
  const table = memoryTable();
  let invoices = 0;
  for (const [index, count] of owes.entries()) {
    const customerId = debtorOf(index + 1);
    await keepCustomer(table, aCustomer({ customerId, currency: 'EUR', name: `Debtor ${index + 1}` }));
    const mandate = Mandate.parse({
      format: 'sepa',
      mandateId: `M-${index + 1}`,
      signedOn: '2026-01-15',
      scheme: 'CORE',
      iban: 'DE89370400440532013000',
      customerId,
      status: 'active',
      sequence: 'FRST',
      createdAt: MADE_AT,
      createdBy: 'finance@example.com',
      version: 1,
    });
    await commit(table, signActions(mandate, 'finance@example.com'));
    for (let n = 0; n < count; n++) {
      const item = openInvoice(++invoices, { customerId, currency: 'EUR' });
      await commit(table, [saveOpenItem(item, 'absent')]);
    }
  }
  return table;
}

/** Remembers what became of a request, as the API does. */
export const remembering = (key: string) => (resource: string) =>
  rememberKey({ caller: 'finance', key, hash: key, at: MADE_AT }, resource);

/** Makes the run as the API does. */
export async function makeRun(table: Table): Promise<DirectDebit> {
  const { run } = await createDirectDebit(
    table,
    { format: 'sepa', collectOn: COLLECT_ON },
    {
      company: aCompany({ directDebit: { creditorId: 'DE98ZZZ09999999999' } }),
      directDebitId: RUN_ID,
      at: MADE_AT,
      actor: 'finance@example.com',
      remember: remembering('create'),
    },
  );
  return run;
}

/** Lets the run go on as its facts do, until it rests. */
export async function goOn(table: Table, at = MADE_AT, timeLeft = () => 900_000): Promise<string> {
  for (;;) {
    const outcome = await continueRun({ table, timeZone: 'Europe/London', timeLeft }, RUN_ID, at);
    if (outcome !== 'handed on') return outcome;
  }
}

/** The statement that brings the money. */
export function euroStatement(sum: number, entries = 1): BankStatement {
  const { header } = aStatement(sum, entries);
  return aStatement(sum, entries, { header: { ...header, currency: 'EUR' }, receivedAt: PAID_AT });
}

/** Who works lines of the bank, and when. */
export const WORKING = {
  at: PAID_AT,
  today: CalendarDate.parse('2026-04-16'),
  actor: 'finance@example.com',
  timeZone: 'Europe/London',
} as const;

/**
 * Has statement `number` bring one line, of EUR 100.00 unless `overrides` says otherwise, and be worked.
 * @param debit what the line was matched with; with nothing when left out
 * @param kept where the statement is laid, which no fault keeps from it
 */
export async function bringLine(
  table: Table,
  number: number,
  overrides: Partial<StatementEntry>,
  debit?: DebitItem,
  kept = table,
): Promise<BankLine> {
  const entry = anEntry({
    bookedOn: '2026-04-15',
    amount: 10_000,
    currency: 'EUR',
    text: 'SEPA direct debit',
    bankReference: `B-${number}`,
    counterparty: undefined,
    ...overrides,
  });
  const bankStatementId = BankStatementId.parse(`bst_${String(number).padStart(32, '0')}`);
  const statement = { ...euroStatement(entry.amount), bankStatementId };
  const match = debit
    ? aMatch({
        customerId: debit.customerId,
        allocations: [{ invoiceId: debit.invoiceId, amount: debit.amount }],
      })
    : aMatch({ outcome: 'queued', rule: 'none', customerId: undefined, allocations: [] });
  const account = aBankAccount({ currency: 'EUR' });
  const line = await workLine(table, { ...WORKING, statement, account, entry, match });
  await layStatement(kept, statement, { [line.status]: 1 });
  return line;
}

/** What of the runs, their payments and the bank does not hold together. */
export async function brokenIn(table: MemoryTable) {
  const picture = await readPicture(table.items());
  if (picture.unreadable.length > 0) throw new Error(JSON.stringify(picture.unreadable[0]));
  return [...debitsAreClaimedOnce(picture), ...settledRunsArePayments(picture), ...bankAgrees(picture)];
}

/** What waits for the run, by invoice. */
export const waitingFor = (table: MemoryTable) =>
  table.items(({ SK, ...item }) => SK === 'OPEN' && item['debit'] !== undefined);

/**
 * Whether `work`, killed before or after each of its writes in turn and then run again, comes to the same.
 * @returns how many moments it was killed at
 */
export async function killedAnywhere(
  world: () => Promise<MemoryTable>,
  work: (table: Table) => Promise<unknown>,
  holds: (table: MemoryTable) => Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth++) {
    let died = false;
    for (const when of ['Before', 'After'] as const) {
      const table = await world();
      const client = table.client();
      client.faults[`crash${when}`](nth);
      await work(client).catch(() => {
        died = true;
      });
      await work(table);
      await holds(table);
    }
    if (!died) return nth - 1;
  }
}
