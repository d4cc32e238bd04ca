import { masked } from '../bank-file/masked.ts';
import type { Company } from '../company/company.ts';
import { loadCustomer } from '../customer/customer-store.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { loadOpenItems, saveOpenItem } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId, DirectDebitId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { commit } from '../table/commit.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { calendarPolicy } from '../terms/shipped-calendar-policy.ts';
import { chunksToCollect, type DebitChunk } from './collectable-store.ts';
import { debitPolicy } from './debit-policy.ts';
import { type DebitItem, type DirectDebit, sumOf, withItems } from './direct-debit.ts';
import { loadItemPage, loadRun, newItems, Overtaken, runFact, saveRun } from './direct-debit-store.ts';
import { type DebitDraft, type DebitRequest, draftChunk, newRun } from './draft-direct-debit.ts';
import type { Mandate } from './mandate.ts';
import { loadActiveMandates, saveMandate } from './mandate-store.ts';

type Creating = {
  company: Company;
  directDebitId: DirectDebitId;
  at: Instant;
  actor: string;
  remember: (id: string) => Action;
};
type Doing = { readonly at: Instant; readonly actor: string };

/** Reads anew so often for a whole chunk, then for each invoice of it. */
const TRIES = 3;

/**
 * Makes a run with the first chunk of what can be collected, in one transaction: the run, its debits, the invoices, which
 * no other run takes then, the mandates, and a fact for each customer, of which its pre-notification is made. It is
 * `ready` where that was all; else `collecting`, and its fact wakes {@link fillRun}.
 * @throws DomainError as `newRun` does, `nothing_to_collect`, `version_conflict` when an invoice or a mandate changed
 * meanwhile
 */
export async function createDirectDebit(
  table: Table,
  request: DebitRequest,
  { company, directDebitId, at, actor, remember }: Creating,
): Promise<{ run: DirectDebit; items: readonly DebitItem[] }> {
  const today = dateIn(company.timeZone, at);
  const [{ policy }, { policy: calendar }] = await Promise.all([
    policyInForce(table, debitPolicy, today),
    policyInForce(table, calendarPolicy, today),
  ]);
  const blank = newRun({ request, directDebitId, company, policy, calendar, today, at, by: actor });
  const chunks = chunksToCollect(table, blank);
  let chunk = await chunks.next();
  while (!chunk.done) {
    const draft = await draftOf(table, blank, chunk.value);
    chunk = await chunks.next();
    if (!draft) continue;
    const status = chunk.done ? 'ready' : 'collecting';
    const run: DirectDebit = { ...draft.run, status };
    const { format, collectOn, currency, count, total } = run;
    await commit(table, [
      remember(directDebitId),
      saveRun(run),
      ...chunkActions({ ...draft, run }, { at, actor }),
      runFact('direct_debit.created', run, {
        at,
        actor,
        data: { directDebitId, status, format, collectOn, currency, count, total },
      }),
    ]);
    return { run, items: draft.items };
  }
  throw new DomainError('nothing_to_collect', `Nothing is due by ${blank.collectOn} that could be debited.`);
}

/** A run as {@link createDirectDebit} answered, whatever became of it: told from its fact. */
export async function loadAsCreated(
  table: Table,
  directDebitId: DirectDebitId,
): Promise<{ run: DirectDebit; items: readonly DebitItem[] }> {
  const [found, { data }] = await Promise.all([
    loadRun(table, directDebitId),
    loadFact(table, ['direct_debit.created'], `${directDebitId}.${versionSlot(1)}`),
  ]);
  const { cancelledAt: _at, cancelled: _by, ...run } = found;
  const { status, count, total } = data;
  const page = await loadItemPage(table, directDebitId, { limit: count });
  const items = page.items.map(({ paymentId: _payment, releasedAt: _released, ...item }) => item);
  return { run: { ...run, status, count, total, batches: withItems([], items, 0), version: 1 }, items };
}

/**
 * Adds to a run what else can be collected, chunk by chunk, and makes it `ready`. Broken off anywhere, it goes on where it
 * ended when it is called again: what the run has is not found as collectable again. Two calls side by side share the
 * work. An invoice that others change all the time is left out.
 * @param isOver whether to stop after a chunk
 * @returns the run, `collecting` where it was stopped
 */
export async function fillRun(
  table: Table,
  found: DirectDebit,
  at: Instant,
  isOver: () => boolean,
): Promise<DirectDebit> {
  const doing = { at, actor: found.createdBy };
  let run = found;
  for await (const chunk of chunksToCollect(table, run)) {
    run = await addChunk(table, run, chunk, doing);
    if (run.status !== 'collecting' || isOver()) return run;
  }
  for (;;) {
    if (run.status !== 'collecting') return run;
    const ready: DirectDebit = { ...run, status: 'ready', version: run.version + 1 };
    const { directDebitId, count, total } = ready;
    const told = { ...doing, data: { directDebitId, count, total } };
    try {
      await commit(table, [saveRun(ready), runFact('direct_debit.ready', ready, told)]);
      return ready;
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      run = await loadRun(table, directDebitId);
    }
  }
}

async function addChunk(
  table: Table,
  found: DirectDebit,
  chunk: DebitChunk,
  doing: Doing,
): Promise<DirectDebit> {
  let run = found;
  for (let tries = TRIES; tries > 0; ) {
    const draft = await draftOf(table, run, chunk);
    if (!draft) return run;
    try {
      await commit(table, [saveRun(draft.run), ...chunkActions(draft, doing)]);
      return draft.run;
    } catch (error) {
      if (error instanceof Overtaken) {
        // Whoever overtook this moved the run on, so this ends.
        run = await loadRun(table, run.directDebitId);
        if (run.status !== 'collecting') return run;
      } else if (error instanceof DomainError && error.code === 'version_conflict') tries -= 1;
      else throw error;
    }
  }
  if (chunk.invoices.length === 1) return run;
  for (const invoice of chunk.invoices) {
    run = await addChunk(table, run, { ...chunk, invoices: [invoice] }, doing);
    if (run.status !== 'collecting') return run;
  }
  return run;
}

/** What of a chunk may be taken as things stand now. */
async function draftOf(table: Table, run: DirectDebit, chunk: DebitChunk): Promise<DebitDraft | undefined> {
  const { invoices } = chunk;
  const [mandates, found, names] = await Promise.all([
    loadActiveMandates(table, chunk.mandates),
    loadOpenItems(
      table,
      invoices.map(({ invoiceId }) => invoiceId),
    ),
    loadNames(table, [...new Set(invoices.map(({ customerId }) => customerId))]),
  ]);
  const byId = new Map(found.map((item) => [item.invoiceId, item]));
  const openItems = invoices.flatMap(({ invoiceId }) => byId.get(invoiceId) ?? []);
  return draftChunk({ run, mandates, names, openItems });
}

function chunkActions({ run, items, openItems, mandates }: DebitDraft, doing: Doing): Action[] {
  return [
    ...newItems(run.directDebitId, items, run.count - items.length),
    ...openItems.map((item) => saveOpenItem(item, item.version - 1)),
    ...mandates.flatMap((mandate) => [saveMandate(mandate), announced(run, items, mandate, doing)]),
  ];
}

/** One for each customer and chunk: a customer of more debits than a transaction holds is told in parts. */
function announced(
  run: DirectDebit,
  items: readonly DebitItem[],
  mandate: Mandate,
  { at, actor }: Doing,
): Action {
  const { customerId, mandateId } = mandate;
  const { directDebitId, collectOn, currency, version } = run;
  const own = items.filter((item) => item.customerId === customerId);
  return recordFact('direct_debit.announced', directDebitId, `announced-${customerId}-${version}`, {
    at,
    actor,
    customerId,
    data: {
      directDebitId,
      collectOn,
      currency,
      amount: sumOf(own),
      mandateId,
      account: masked(mandate.format === 'sepa' ? mandate.iban : mandate.account),
      creditorId: run.format === 'sepa' ? run.creditor.creditorId : run.originator.companyId,
      invoices: own.map(({ invoiceId, number, amount }) => ({ invoiceId, number, amount })),
    },
  });
}

async function loadNames(table: Table, ids: readonly CustomerId[]): Promise<Map<CustomerId, string>> {
  const customers = await Promise.all(ids.map((id) => loadCustomer(table, id)));
  return new Map(
    customers.flatMap((customer) => (customer ? [[customer.customerId, customer.name] as const] : [])),
  );
}
