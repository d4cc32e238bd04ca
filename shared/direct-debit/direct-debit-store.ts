import * as z from 'zod';
import { nextActionAt } from '../collection/next-action.ts';
import { QueuedInvoice } from '../collection/queued-invoice.ts';
import type { Company } from '../company/company.ts';
import { loadCustomer } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { loadOpenItems, saveOpenItem } from '../invoice/invoice-store.ts';
import { endDebit } from '../invoice/open-item.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId, DirectDebitId, InvoiceId } from '../kernel/ids.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, prefixes, queuePartitions, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { AchItem, DirectDebit, SepaItem } from './direct-debit.ts';
import {
  currencyOf,
  type DebitDraft,
  type DebitItem,
  type DebitRequest,
  draftDirectDebit,
  MAX_ITEMS,
  mandatesFor,
} from './draft-direct-debit.ts';
import { type Mandate, masked } from './mandate.ts';
import { loadActiveMandates, saveMandate } from './mandate-store.ts';

export type DebitFile = { run: DirectDebit; items: DebitItem[] };

type Doing = {
  company: Company;
  directDebitId: DirectDebitId;
  at: Instant;
  actor: string;
  remember: (id: string) => Action;
};

/**
 * Makes a run of what can be collected, the longest due first, in one transaction: the run with its items, the invoices,
 * which no other run takes then, the mandates, and a fact for each customer, of which its pre-notification is made.
 * Reads every open invoice's place in the work queues.
 * @throws DomainError as `draftDirectDebit` does, `version_conflict` when an invoice or a mandate changed meanwhile
 */
export async function createDirectDebit(
  table: Table,
  request: DebitRequest,
  doing: Doing,
): Promise<DebitFile> {
  const { company, directDebitId, at, actor } = doing;
  const today = dateIn(company.timeZone, at);
  const [mandates, queued, { policy }] = await Promise.all([
    loadActiveMandates(table),
    loadCollectable(table, request),
    policyInForce(table, 'debit', today),
  ]);
  const payers = mandatesFor(mandates, request.format);
  const chosen = queued.filter(({ customerId }) => payers.has(customerId)).slice(0, MAX_ITEMS);
  const [openItems, names] = await Promise.all([
    loadOpenItems(
      table,
      chosen.map(({ invoiceId }) => invoiceId),
    ),
    loadNames(table, [...new Set(chosen.map(({ customerId }) => customerId))]),
  ]);
  const draft = draftDirectDebit({
    request,
    directDebitId,
    company,
    policy,
    mandates,
    names,
    openItems: openItems.toSorted((one, other) => orderOf(one).localeCompare(orderOf(other))),
    today,
    at,
    by: actor,
  });
  await commit(table, [doing.remember(directDebitId), ...createActions(draft, doing)]);
  return { run: draft.run, items: [...draft.items] };
}

/** A run with its items in the order of its file. */
export async function loadDirectDebit(
  table: Table,
  directDebitId: DirectDebitId,
): Promise<DebitFile | undefined> {
  const found = await queryAll(table, { partition: directDebitId, consistent: true });
  const head = found.find(({ SK }) => SK === keys.directDebit(directDebitId).SK);
  if (!head) return undefined;
  const items = found.filter(({ SK }) => SK.startsWith(prefixes.debit)).map(debitItemOf);
  const { PK: _pk, SK: _sk, ...run } = head;
  return { run: DirectDebit.parse(run), items };
}

/**
 * Gives invoices of a run back, which are due again then and may go into another: all of them, and the run is cancelled,
 * or those of `invoiceIds`, which the bank refused. What was collected by now stays as it is.
 * @throws DomainError `direct_debit_not_open` when there is nothing to give back, `version_conflict`
 */
export async function releaseDirectDebit(
  table: Table,
  { run, items }: DebitFile,
  { reason, invoiceIds }: { reason: string; invoiceIds?: readonly InvoiceId[] | undefined },
  { company, at, actor, remember }: Omit<Doing, 'directDebitId'>,
): Promise<DirectDebit> {
  const { directDebitId } = run;
  const { timeZone } = company;
  const asked = items.filter(({ invoiceId }) => invoiceIds?.includes(invoiceId) ?? true);
  const [openItems, { policy }] = await Promise.all([
    loadOpenItems(
      table,
      asked.map(({ invoiceId }) => invoiceId),
    ),
    policyInForce(table, 'dunning', dateIn(timeZone, at)),
  ]);
  const released = openItems.flatMap(
    (item) => endDebit(item, directDebitId, nextActionAt(item, policy, timeZone)) ?? [],
  );
  if (run.status === 'cancelled' || (invoiceIds && released.length === 0)) {
    throw new DomainError('direct_debit_not_open', 'Nothing of this run waits for the bank any more.');
  }
  const version = run.version + 1;
  const next: DirectDebit = invoiceIds
    ? { ...run, version }
    : { ...run, status: 'cancelled', cancelledAt: at, version };
  await commit(table, [
    remember(directDebitId),
    {
      do: 'put',
      item: { ...keys.directDebit(directDebitId), ...next },
      when: [{ attribute: 'version', is: 'equal', value: run.version }],
      refusal: versionConflict('direct debit run'),
    },
    ...released.map((item) => saveOpenItem(item, item.version - 1)),
    recordFact('direct_debit.released', directDebitId, versionSlot(version), {
      at,
      actor,
      data: { directDebitId, reason, invoiceIds: released.map(({ invoiceId }) => invoiceId) },
    }),
  ]);
  return next;
}

function createActions({ run, items, openItems, mandates }: DebitDraft, doing: Doing): Action[] {
  const { directDebitId } = doing;
  return [
    {
      do: 'put',
      item: { ...keys.directDebit(directDebitId), ...run },
      when: [{ attribute: 'PK', is: 'absent' }],
    },
    ...items.map((item, index): Action => {
      const key = keys.directDebitItem(directDebitId, index + 1);
      return { do: 'put', item: { ...key, RPK: `debit_${item.endToEndId}`, RSK: directDebitId, ...item } };
    }),
    ...openItems.map((item) => saveOpenItem(item, item.version - 1)),
    ...mandates.flatMap((mandate) => [saveMandate(mandate), announced(run, items, mandate, doing)]),
  ];
}

function announced(
  run: DirectDebit,
  items: readonly DebitItem[],
  mandate: Mandate,
  { directDebitId, at, actor }: Doing,
): Action {
  const { customerId, mandateId } = mandate;
  const own = items.filter((item) => item.customerId === customerId);
  return recordFact('direct_debit.announced', directDebitId, `announced-${customerId}`, {
    at,
    actor,
    customerId,
    data: {
      directDebitId,
      collectOn: run.collectOn,
      currency: run.currency,
      amount: own.reduce((sum, { amount }) => sum + amount, 0),
      mandateId,
      account: masked(mandate.format === 'sepa' ? mandate.iban : mandate.account),
      creditorId: run.format === 'sepa' ? run.creditor.creditorId : run.originator.companyId,
      invoices: own.map(({ invoiceId, number, amount }) => ({ invoiceId, number, amount })),
    },
  });
}

/** What the queues know to be due by the day in the run's currency, the longest due first. */
async function loadCollectable(table: Table, { format, collectOn }: DebitRequest): Promise<QueuedInvoice[]> {
  const partitions = (['collect', 'call'] as const).flatMap((queue) => queuePartitions(queue));
  const found = await Promise.all(
    partitions.map((partition) => queryAll(table, { index: 'byDue', partition })),
  );
  return found
    .flat()
    .map((item) => QueuedInvoice.parse(item['due']))
    .filter(({ currency, dueOn }) => currency === currencyOf[format] && dueOn <= collectOn)
    .toSorted((one, other) => orderOf(one).localeCompare(orderOf(other)));
}

const orderOf = ({ dueOn, invoiceId }: { dueOn: CalendarDate; invoiceId: InvoiceId }) =>
  `${dueOn}#${invoiceId}`;

async function loadNames(table: Table, ids: readonly CustomerId[]): Promise<Map<CustomerId, string>> {
  const customers = await Promise.all(ids.map((id) => loadCustomer(table, id)));
  return new Map(
    customers.flatMap((customer) => (customer ? [[customer.customerId, customer.name] as const] : [])),
  );
}

const AnyItem = z.union([SepaItem, AchItem]);

function debitItemOf({ PK: _pk, SK: _sk, RPK: _rpk, RSK: _rsk, ...item }: Item): DebitItem {
  return AnyItem.parse(item);
}
