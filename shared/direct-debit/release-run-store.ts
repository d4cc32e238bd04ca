import { dunningPolicy } from '../collection/dunning-policy.ts';
import { nextActionAt } from '../collection/next-action.ts';
import { factOfItem } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { loadOpenItems, saveOpenItem } from '../invoice/invoice-store.ts';
import { endDebit } from '../invoice/open-item.ts';
import { DomainError } from '../kernel/errors.ts';
import type { DirectDebitId, InvoiceId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { commit, onFreshRead } from '../table/commit.ts';
import { afterAll, keys, versionSlot } from '../table/keys.ts';
import { tableNames } from '../table/names.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import { asReleased, type Placed } from './as-released.ts';
import { type DebitBatch, type DebitItem, type DirectDebit, fileOf, isOfBatch } from './direct-debit.ts';
import { itemPages, loadRun, Overtaken, runFact, saveItem, saveRun } from './direct-debit-store.ts';
import { restingStatus } from './settle-direct-debit.ts';
import { noSingleDebits } from './single-debits-store.ts';

/** Invoices given back in one transaction, with the run and its fact. */
const RELEASED_AT_ONCE = 90;

type Doing = {
  readonly timeZone: string;
  readonly at: Instant;
  readonly actor: string;
  readonly remember: (id: string) => Action;
};

const notOpen = () =>
  new DomainError('direct_debit_not_open', 'Nothing of this run waits for the bank any more.');

/**
 * Gives the invoices back that the bank refused: they are due again and may go into another run, and are no part of the
 * sum that the bank will book; where no more is to come, the run is over. What was collected by now stays as it is. Reads
 * the run, page by page, until all are found.
 * @throws DomainError `direct_debit_not_open` when none of them waits for the run, `version_conflict`
 */
export async function releaseInvoices(
  table: Table,
  run: DirectDebit,
  { reason, invoiceIds }: { reason: string; invoiceIds: readonly InvoiceId[] },
  { timeZone, at, actor, remember }: Doing,
): Promise<DirectDebit> {
  if (run.status !== 'ready' && run.status !== 'settling') throw notOpen();
  const { directDebitId } = run;
  const wanted = new Set<string>(invoiceIds);
  const asked: Placed[] = [];
  for await (const page of itemPages(table, directDebitId, 1_000)) {
    asked.push(
      ...page.filter(({ item, ordinal }) => wanted.has(item.invoiceId) && waits(run, { item, ordinal })),
    );
    if (asked.length === wanted.size) break;
  }
  const released = await releasable(table, run, asked, { timeZone, at });
  const given = new Set(released.map(({ invoiceId }) => invoiceId));
  const items = asked.filter(({ item }) => given.has(item.invoiceId));
  if (items.length === 0) throw notOpen();
  const batches = withoutItems(run.batches, items);
  const status = run.status === 'ready' ? restingStatus(batches) : run.status;
  const next: DirectDebit = { ...run, batches, status, version: run.version + 1 };
  await commit(table, [
    remember(releaseFactId(next)),
    saveRun(next),
    ...items.map(({ item, ordinal }) => saveItem(directDebitId, { ...item, releasedAt: at }, ordinal)),
    ...released.map((item) => saveOpenItem(item, item.version - 1)),
    runFact('direct_debit.released', next, {
      at,
      actor,
      data: {
        directDebitId,
        reason,
        invoiceIds: released.map(({ invoiceId }) => invoiceId),
        status,
      },
    }),
  ]);
  return next;
}

/**
 * Cancels a run that the bank did not get. Where it fits into one transaction all invoices are given back with it; else
 * the fact wakes {@link giveBack}, which does that.
 * @throws DomainError `direct_debit_not_open` when it is cancelled, or its money came; `version_conflict`
 */
export async function cancelRun(
  table: Table,
  run: DirectDebit,
  reason: string,
  { timeZone, at, actor, remember }: Doing,
): Promise<DirectDebit> {
  const isOpen = run.status === 'collecting' || run.status === 'ready';
  if (!isOpen || run.batches.some(({ settlement }) => settlement)) throw notOpen();
  const { directDebitId } = run;
  const nothingCame = await noSingleDebits(table, directDebitId);
  const isSmall = run.count <= RELEASED_AT_ONCE;
  const next: DirectDebit = {
    ...run,
    status: isSmall ? 'cancelled' : 'cancelling',
    cancelled: { reason, by: actor },
    cancelledAt: at,
    version: run.version + 1,
  };
  const told = { at, actor, data: { directDebitId, reason } };
  if (!isSmall) {
    await commit(table, [
      remember(releaseFactId(next)),
      saveRun(next),
      nothingCame,
      runFact('direct_debit.cancelling', next, told),
    ]);
    return next;
  }
  const items: Placed[] = [];
  for await (const page of itemPages(table, directDebitId, RELEASED_AT_ONCE)) items.push(...page);
  const released = await releasable(table, run, items, { timeZone, at });
  const invoiceIds = released.map(({ invoiceId }) => invoiceId);
  await commit(table, [
    remember(releaseFactId(next)),
    saveRun(next),
    nothingCame,
    ...released.map((item) => saveOpenItem(item, item.version - 1)),
    runFact('direct_debit.released', next, {
      at,
      actor,
      data: { directDebitId, reason, invoiceIds, status: 'cancelled' },
    }),
    recordFact('direct_debit.cancelled', directDebitId, 'cancelled', told),
  ]);
  return next;
}

/** The id of the fact that tells of the release which made the run's version. */
export const releaseFactId = ({ directDebitId, version }: DirectDebit): string =>
  `${directDebitId}.${versionSlot(version)}`;

/**
 * A run with the first of its debits as they were once `factId` was told: what a release is answered with, and its
 * repetition. Reads all of its debits.
 */
export async function loadAsReleased(
  table: Table,
  factId: string,
  limit: number,
): Promise<{ run: DirectDebit; items: DebitItem[] }> {
  const { at, data, type } = await loadFact(
    table,
    ['direct_debit.released', 'direct_debit.cancelling'],
    factId,
  );
  const found = await loadRun(table, data.directDebitId);
  const debits: Placed[] = [];
  for await (const page of itemPages(table, data.directDebitId, 1_000)) debits.push(...page);
  // Read last: whatever shows on the debits as given back meanwhile is told of by then.
  const later = await releasedAfter(table, data.directDebitId, factId);
  const status = type === 'direct_debit.cancelling' ? 'cancelling' : (data.status ?? found.status);
  const { run, items } = asReleased(found, debits, { status, at, later });
  return { run, items: items.slice(0, limit) };
}

/** The invoices that persons gave back of a run after what the fact `factId` tells of. */
async function releasedAfter(
  table: Table,
  directDebitId: DirectDebitId,
  factId: string,
): Promise<Set<InvoiceId>> {
  const { SK: from } = keys.fact(directDebitId, factId.slice(factId.indexOf('.') + 1));
  const to = afterAll(tableNames.factPrefix);
  const facts = (await queryAll(table, { partition: directDebitId, from, to, consistent: true })).map(
    factOfItem,
  );
  return new Set(
    facts.flatMap((fact) =>
      fact.type === 'direct_debit.released' && fact.id !== factId && fact.data.status !== 'cancelled'
        ? fact.data.invoiceIds
        : [],
    ),
  );
}

/**
 * Gives all invoices of a run that is being cancelled back, chunk by chunk, and makes it `cancelled`. Called again, it goes
 * on where it ended: an invoice that is not in the run any more is passed by.
 * @param isOver whether to stop after a chunk
 */
export async function giveBack(
  table: Table,
  found: DirectDebit,
  { timeZone, at }: Pick<Doing, 'timeZone' | 'at'>,
  isOver: () => boolean,
): Promise<DirectDebit> {
  let run = found;
  const { directDebitId, cancelled } = run;
  if (!cancelled) throw new RangeError(`${directDebitId} is not cancelled by anybody`);
  const { reason, by: actor } = cancelled;
  for await (const page of itemPages(table, directDebitId, RELEASED_AT_ONCE)) {
    run = await onFreshRead(async () => {
      const current = await loadRun(table, directDebitId);
      const released = await releasable(table, current, page, { timeZone, at });
      if (current.status !== 'cancelling' || released.length === 0) return current;
      const next = { ...current, version: current.version + 1 };
      const invoiceIds = released.map(({ invoiceId }) => invoiceId);
      await commit(table, [
        saveRun(next),
        ...released.map((item) => saveOpenItem(item, item.version - 1)),
        runFact('direct_debit.released', next, { at, actor, data: { directDebitId, reason, invoiceIds } }),
      ]);
      return next;
    }, 5);
    if (run.status !== 'cancelling' || isOver()) return run;
  }
  const done: DirectDebit = { ...run, status: 'cancelled', version: run.version + 1 };
  try {
    await commit(table, [
      saveRun(done),
      recordFact('direct_debit.cancelled', directDebitId, 'cancelled', {
        at,
        actor,
        data: { directDebitId, reason },
      }),
    ]);
    return done;
  } catch (error) {
    if (error instanceof Overtaken) return loadRun(table, directDebitId);
    throw error;
  }
}

async function releasable(
  table: Table,
  { directDebitId }: DirectDebit,
  items: readonly Placed[],
  { timeZone, at }: Pick<Doing, 'timeZone' | 'at'>,
) {
  const [openItems, { policy }] = await Promise.all([
    loadOpenItems(
      table,
      items.map(({ item }) => item.invoiceId),
    ),
    policyInForce(table, dunningPolicy, dateIn(timeZone, at)),
  ]);
  return openItems.flatMap(
    (item) => endDebit(item, directDebitId, nextActionAt(item, policy, timeZone)) ?? [],
  );
}

/** Whether the bank's money of a debit may still come, or never will. */
function waits({ batches }: DirectDebit, { item, ordinal }: Placed): boolean {
  const batch = batches.find((each) => isOfBatch(each, item, fileOf(ordinal)));
  return batch?.settlement === undefined && item.releasedAt === undefined && item.paymentId === undefined;
}

function withoutItems(batches: readonly DebitBatch[], items: readonly Placed[]): DebitBatch[] {
  return batches.map((batch) => {
    const own = items.filter(({ item, ordinal }) => isOfBatch(batch, item, fileOf(ordinal)));
    return { ...batch, released: own.reduce((sum, { item }) => sum + item.amount, batch.released) };
  });
}
