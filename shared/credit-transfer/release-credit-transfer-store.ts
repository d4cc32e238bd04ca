import { factOfItem } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { eachLimited } from '../kernel/each-limited.ts';
import { DomainError } from '../kernel/errors.ts';
import { dateIn } from '../kernel/time.ts';
import { commit, onFreshRead } from '../table/commit.ts';
import { versionSlot } from '../table/keys.ts';
import { tableNames } from '../table/names.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import type { CreditTransfer, CreditTransferItem } from './credit-transfer.ts';
import { type Doing, saveRun } from './credit-transfer-store.ts';
import { requeue } from './refund-transfer.ts';
import { listWaitingTransfers, loadTransfer, saveTransfer } from './refund-transfer-store.ts';
import type { TransferFile } from './transfer-file.ts';
import { releaseItem, type Undoing, undoRefundActions } from './undo-refund-store.ts';

/** Transfers given back side by side. */
const SIDE_BY_SIDE = 8;

export type Release = {
  readonly reason: string;
  /** They wait for another run, or the refunds are undone. */
  readonly outcome: 'requeue' | 'undo';
  /** Of the whole run when left out. */
  readonly endToEndIds?: readonly string[] | undefined;
};

/**
 * Gives back what the bank did not transfer: the whole run, which is cancelled then, or some of it. Each transfer is one
 * transaction and the run's own is the last, so that a release that broke off is finished by asking again. What a bank line
 * says went out stays.
 * @throws DomainError `refund_transfer_not_found`, `credit_transfer_not_open` when nothing is to be given back,
 * `version_conflict`
 */
export async function releaseCreditTransfer(
  table: Table,
  { run, items }: TransferFile,
  { reason, outcome, endToEndIds }: Release,
  { company, at, actor, remember }: Doing,
): Promise<CreditTransfer> {
  const { creditTransferId } = run;
  const asked = items.filter(({ endToEndId }) => endToEndIds?.includes(endToEndId) ?? true);
  if (endToEndIds && asked.length < endToEndIds.length)
    throw new DomainError('refund_transfer_not_found', 'The run has no such transfer.', {
      issues: [{ path: 'endToEndIds', message: 'must be of this run' }],
    });
  if (run.status !== 'ready') throw notOpen();
  const given: string[] = [];
  const how = { reason, outcome, at, actor, today: dateIn(company.timeZone, at) };
  // Those of one customer change one account.
  const groups = Map.groupBy(asked, ({ customerId }) => customerId);
  await eachLimited([...groups.values()], SIDE_BY_SIDE, async (group) => {
    for (const item of group) {
      if (await onFreshRead(() => releaseOne(table, creditTransferId, item, how)))
        given.push(item.endToEndId);
    }
  });
  // What an earlier try released that broke off was not told yet.
  const toldBefore = await loadReleased(table, creditTransferId);
  const released = asked.filter(
    ({ endToEndId, released: before }) =>
      given.includes(endToEndId) ||
      (before !== undefined && before.as !== 'returned' && !toldBefore.has(endToEndId)),
  );
  if (released.length === 0) throw notOpen();
  const version = run.version + 1;
  const cancelled = endToEndIds === undefined;
  const next: CreditTransfer = cancelled
    ? { ...run, status: 'cancelled', cancelledAt: at, version }
    : { ...run, version };
  const told = released.map(({ endToEndId }) => endToEndId);
  await commit(table, [
    remember(creditTransferId),
    saveRun(next),
    recordFact('credit_transfer.released', creditTransferId, versionSlot(version), {
      at,
      actor,
      data: { creditTransferId, reason, outcome, cancelled, endToEndIds: told },
    }),
  ]);
  return next;
}

/**
 * Undoes a refund that waits for a run.
 * @throws DomainError `refund_transfer_not_found` when none that waits has this id, `version_conflict`
 */
export async function cancelWaitingTransfer(
  table: Table,
  endToEndId: string,
  reason: string,
  { company, at, actor, remember }: Doing,
): Promise<void> {
  const listed = (await listWaitingTransfers(table)).find((each) => each.endToEndId === endToEndId);
  const found = listed && (await loadTransfer(table, listed.paymentId, listed.told));
  if (found?.status !== 'waiting' || found.endToEndId !== endToEndId)
    throw new DomainError('refund_transfer_not_found', 'No refund that waits has this end-to-end id.');
  const doing = { at, actor, today: dateIn(company.timeZone, at) };
  const { told, actions } = await undoRefundActions(table, found, { kind: 'cancelled', reason }, doing);
  await commit(table, [remember(`${found.paymentId}.${told}`), ...actions]);
}

/** @returns whether it was given back now: not where it was before, or went out */
async function releaseOne(
  table: Table,
  creditTransferId: string,
  { paymentId, told, ordinal, endToEndId }: CreditTransferItem,
  { reason, outcome, ...doing }: Undoing & Pick<Release, 'reason' | 'outcome'>,
): Promise<boolean> {
  const found = await loadTransfer(table, paymentId, told);
  if (found?.status !== 'collected' || found.endToEndId !== endToEndId) return false;
  if (outcome === 'requeue') {
    const released: Action = releaseItem(creditTransferId, ordinal, { at: doing.at, reason, as: 'requeued' });
    await commit(table, [saveTransfer(requeue(found)), released]);
    return true;
  }
  const undoing = await undoRefundActions(table, found, { kind: 'refused', reason }, doing);
  await commit(table, undoing.actions);
  return true;
}

/** The end-to-end ids of which facts of the run tell that they were released. */
async function loadReleased(table: Table, creditTransferId: string): Promise<Set<string>> {
  const query = { partition: creditTransferId, prefix: tableNames.factPrefix, consistent: true };
  const facts = (await queryAll(table, query)).map(factOfItem);
  return new Set(
    facts.flatMap((fact) => (fact.type === 'credit_transfer.released' ? fact.data.endToEndIds : [])),
  );
}

const notOpen = () =>
  new DomainError('credit_transfer_not_open', 'Nothing of what you name waits for the bank any more.');
