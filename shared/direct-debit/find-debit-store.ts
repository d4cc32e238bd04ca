import * as z from 'zod';
import { CustomerId, InvoiceId } from '../kernel/ids.ts';
import { compact } from '../matching/compact.ts';
import { queryQueue } from '../table/query-all.ts';
import type { Item, Table } from '../table/table.ts';

// What matching needs of runs and mandates, without what it takes to make them.

const Debited = z.object({ endToEndId: z.string(), invoiceId: InvoiceId, customerId: CustomerId });
type Debited = z.infer<typeof Debited>;

/** The debit that a bank statement's end-to-end id names. The index may lag a moment behind the run. */
export async function findDebit(table: Table, endToEndId: string): Promise<Debited | undefined> {
  const item = await debitNamed(table, endToEndId);
  return item && Debited.parse(item);
}

/** As it lies in the table. */
export async function debitNamed(
  table: Table,
  endToEndId: string,
  options?: { readonly consistent?: boolean },
): Promise<Item | undefined> {
  const {
    items: [found],
  } = await table.query({ index: 'byReference', partition: `debit_${endToEndId}`, limit: 1 });
  return found && (await table.get({ PK: found.PK, SK: found.SK }, options));
}

const Listed = z.object({ customerId: CustomerId, account: z.string().optional() });
const Signed = Listed.extend({ iban: z.string().optional() });

/**
 * Which IBANs or account numbers, capitals and digits only, each customer's active mandates name. A query for each shard
 * of their list; those listed before it told of accounts are read besides.
 */
export async function loadMandateAccounts(table: Table): Promise<Map<CustomerId, Set<string>>> {
  const waiting = await queryQueue(table, 'mandate');
  const listed = waiting.map(({ PK, SK, due }) => ({ key: { PK, SK }, ...Listed.parse(due) }));
  const untold = listed.filter(({ account }) => account === undefined).map(({ key }) => key);
  const read = untold.length === 0 ? [] : (await table.getMany(untold)).map((item) => Signed.parse(item));
  const accounts = new Map<CustomerId, Set<string>>();
  for (const { customerId, account } of [
    ...listed,
    ...read.map(({ customerId, iban, account }) => ({ customerId, account: compact(iban ?? account ?? '') })),
  ]) {
    if (account === undefined || account === '') continue;
    accounts.set(customerId, (accounts.get(customerId) ?? new Set<string>()).add(account));
  }
  return accounts;
}
