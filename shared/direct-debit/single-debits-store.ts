import { DomainError } from '../kernel/errors.ts';
import { DirectDebitId, type PaymentId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { loadPayment } from '../payment/payment-store.ts';
import { commit } from '../table/commit.ts';
import { keys, prefixes } from '../table/keys.ts';
import type { Action, Condition, Key, Table } from '../table/table.ts';
import { debitIdsIn } from './debit-id.ts';
import { fileOf, isOfBatch } from './direct-debit.ts';
import { debitItemOf, loadRun, loadWaitingRuns, Overtaken, runFact, saveRun } from './direct-debit-store.ts';
import { debitNamed } from './find-debit-store.ts';
import { endSingly, partOf, SingleDebits, singlesOf } from './single-debits.ts';

/** A payment that a bank line brought, or tells of. Minor units. */
type Money = { readonly paymentId: PaymentId; readonly customerId: string; readonly amount: number };

/**
 * Where a bank line names a debit of the customer's and brings exactly that, the writes that make it the payment of that
 * debit, unless it is one by now. Nothing is read for a line that names none; else one query and two reads.
 * @param decided whether a person says that it is the customer's money, even if the debit is a payment already
 * @throws DomainError `direct_debit_not_open` while a sum that another line brought becomes payments, and where nobody
 * decided and the debit is a payment already; (on commit) `version_conflict`
 */
export async function singleDebit(
  table: Table,
  { endToEndId, text }: { readonly endToEndId?: string | undefined; readonly text: string },
  monies: readonly Money[],
  { decided }: { readonly decided: boolean },
): Promise<Action[]> {
  const [named, other] = debitIdsIn([endToEndId, text]);
  if (named === undefined || other !== undefined) return [];
  const stored = await debitNamed(table, named, { consistent: true });
  if (!stored) return [];
  const item = debitItemOf(stored);
  const money = monies.find(
    ({ customerId, amount }) => customerId === item.customerId && amount === item.amount,
  );
  if (!money || money.paymentId === item.paymentId || item.releasedAt !== undefined) return [];
  const { paymentId } = money;
  const run = await loadRun(table, DirectDebitId.parse(stored.PK));
  const place = run.batches.findIndex((batch) =>
    isOfBatch(batch, item, fileOf(Number(stored.SK.slice(prefixes.debit.length)))),
  );
  const isOfSum = run.batches[place]?.settlement !== undefined;
  if (item.paymentId !== undefined) {
    const before = await loadPayment(table, item.paymentId, { consistent: true });
    const isGone = before?.reversed !== undefined && before.reversed === before.amount;
    if (!isGone && !decided) {
      const detail = `The debit ${named} is the payment ${item.paymentId} already.`;
      throw new DomainError('direct_debit_not_open', detail);
    }
    return isGone && !isOfSum ? [followedBy(stored, item.paymentId, paymentId)] : [];
  }
  if (run.status !== 'ready' && run.status !== 'settling') return [];
  if (isOfSum) {
    const detail = `The debit ${named} is being made a payment: another line brought the sum of its run ${run.directDebitId}.`;
    throw new DomainError('direct_debit_not_open', detail);
  }
  return [
    becomes(stored, paymentId, { attribute: 'paymentId', is: 'absent' }),
    {
      do: 'update',
      key: keys.singleDebits(run.directDebitId),
      add: { count: 1, [partOf(place + 1)]: item.amount },
    },
    {
      do: 'check',
      key: keys.directDebit(run.directDebitId),
      when: [{ attribute: 'version', is: 'equal', value: run.version }],
      refusal: () => new Overtaken(),
    },
  ];
}

/** A payment that was reversed is followed by the one that the debit's line is recorded as now. */
const followedBy = (stored: Key, before: PaymentId, paymentId: PaymentId): Action =>
  becomes(stored, paymentId, { attribute: 'paymentId', is: 'equal', value: before });

function becomes({ PK, SK }: Key, paymentId: PaymentId, when: Condition): Action {
  return {
    do: 'update',
    key: { PK, SK },
    set: { paymentId },
    when: [{ attribute: 'PK', is: 'present' }, when],
    refusal: () => new Overtaken(),
  };
}

/** What of a run came debit by debit; undefined where nothing did. */
async function loadSingleDebits(
  table: Table,
  directDebitId: DirectDebitId,
): Promise<SingleDebits | undefined> {
  const item = await table.get(keys.singleDebits(directDebitId), { consistent: true });
  return item && singleDebitsOf(item);
}

const singleDebitsOf = ({ PK: _pk, SK: _sk, ...amounts }: Record<string, unknown>) =>
  SingleDebits.parse(amounts);

/**
 * The check that nothing of a run's batches at `places` came debit by debit, which a sum would bring again, and nothing is
 * given back of.
 * @param places from 1; of the whole run when left out
 * @throws DomainError `direct_debit_not_open` when some did; (on commit) `version_conflict`
 */
export async function noSingleDebits(
  table: Table,
  directDebitId: DirectDebitId,
  places?: readonly number[],
): Promise<Action> {
  const singles = await loadSingleDebits(table, directDebitId);
  if (singles && (places?.some((place) => singlesOf(singles, place) > 0) ?? true)) {
    const detail = `${singles.count} debit(s) of the run ${directDebitId} came on bank lines of their own, so this is not the sum of all of it. Record what is left debit by debit.`;
    throw new DomainError('direct_debit_not_open', detail);
  }
  const parts = places?.map(partOf) ?? ['count'];
  return {
    do: 'check',
    key: keys.singleDebits(directDebitId),
    when: parts.map((attribute) => ({ attribute, is: 'absent' })),
    refusal: () => new Overtaken(),
  };
}

/**
 * Ends the batches of which all money came debit by debit, and the runs of which that are the last. One query and a key
 * for each run that waits for its money on `today`; each of which some came so is read.
 * @returns how many runs it changed
 */
export async function endSingleDebits(
  table: Table,
  { today, at, actor }: { readonly today: CalendarDate; readonly at: Instant; readonly actor: string },
): Promise<number> {
  const waiting = await loadWaitingRuns(table, { to: today });
  const found = await table.getMany(
    waiting.map(({ directDebitId }) => keys.singleDebits(directDebitId)),
    { consistent: true },
  );
  let changed = 0;
  for (const item of found) {
    const directDebitId = DirectDebitId.parse(item.PK);
    const run = await loadRun(table, directDebitId);
    const ended = run.status === 'ready' ? endSingly(run, singleDebitsOf(item)) : undefined;
    if (!ended) continue;
    const told = { at, actor, data: { directDebitId, status: ended.status } };
    try {
      await commit(table, [saveRun(ended.run), runFact('direct_debit.settled', ended.run, told)]);
      changed += 1;
    } catch (error) {
      // Whoever moved it on meanwhile leaves the rest to the next morning.
      if (!(error instanceof Overtaken)) throw error;
    }
  }
  return changed;
}
